use serde_json::json;
use shared_types::sync::Transport;
use tests::{Server, Socket, api::id};

#[tokio::test]
async fn the_welcome_says_what_this_is() {
    let server = Server::spawn();
    let mut socket = Socket::connect(server.address()).await;
    let welcome = socket.next().await.unwrap();
    assert_eq!(
        (&welcome["type"], &welcome["protocol"]),
        (&json!("welcome"), &json!(1))
    );
    assert_eq!(welcome["heartbeat_seconds"], 20);
    assert_eq!(
        welcome["limits"],
        json!({ "topics": 100, "message_bytes": 65536, "replay_events": 10000 })
    );
    assert!(
        welcome["connection"]
            .as_str()
            .is_some_and(|id| !id.is_empty()),
        "{welcome}"
    );
    assert!(
        welcome["principal"]["role"] == "owner" && welcome["cursor"].is_string(),
        "{welcome}"
    );
}

#[tokio::test]
async fn the_subprotocol_is_taken_where_it_is_offered() {
    let server = Server::spawn();
    let offered = Some(("sec-websocket-protocol", "devteam.v1"));
    let (mut socket, answer) = Socket::with_header(server.address(), offered).await;
    assert_eq!(
        answer.headers().get("sec-websocket-protocol").unwrap(),
        "devteam.v1"
    );
    socket.expect("welcome").await;
}

#[tokio::test]
async fn topics_are_followed_by_any_of_their_names_and_once() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let canonical = format!("project:{}", id(&web));
    let mut socket = Socket::welcomed(server.address()).await;
    let first = socket
        .ask(json!({ "type": "subscribe", "id": 1, "topic": "project:web" }))
        .await;
    assert_eq!(
        (&first["topic"], &first["requested"]),
        (&json!(canonical), &json!("project:web"))
    );
    assert_eq!(first["mode"], "snapshot");
    let again = socket
        .ask(json!({ "type": "subscribe", "id": "two", "topic": canonical }))
        .await;
    assert_eq!(
        (&again["type"], &again["requested"]),
        (&json!("subscribed"), &json!(canonical))
    );
    api.task(&web, "Task").await;
    let event = socket.expect("event").await;
    assert_eq!(event["event"]["type"], "item.created");
    assert!(event["prev"][&canonical].is_u64(), "{event}");
    assert!(
        socket.within(300, "event").await.is_none(),
        "each event comes once"
    );
    // By the name it was asked for by, whatever it was last asked for by.
    let left = socket
        .ask(json!({ "type": "unsubscribe", "id": 3, "topic": "project:web" }))
        .await;
    assert_eq!(
        (&left["type"], &left["id"]),
        (&json!("unsubscribed"), &json!(3))
    );
    api.task(&web, "Task").await;
    assert!(socket.within(300, "event").await.is_none());
    let none = socket
        .ask(json!({ "type": "unsubscribe", "id": 4, "topic": "project:web" }))
        .await;
    assert_eq!(none["type"], "error");
}

#[tokio::test]
async fn an_event_of_several_followed_topics_comes_once_and_names_them_all() {
    let server = Server::spawn();
    let api = server.api();
    let mut socket = Socket::welcomed(server.address()).await;
    for topic in ["org", "all"] {
        socket
            .ask(json!({ "type": "subscribe", "id": topic, "topic": topic }))
            .await;
    }
    let made = api
        .post("/projects", json!({ "name": "Web" }))
        .header("x-request-id", "mine")
        .await;
    let event = socket.expect("event").await;
    assert_eq!(event["event"]["seq"], made.cursor().seq);
    assert_eq!(event["event"]["cause"], "mine");
    assert_eq!(event["event"]["data"]["project"]["name"], "Web");
    assert!(
        event["prev"]["org"].is_u64() && event["prev"].get("all").is_none(),
        "{event}"
    );
    assert!(socket.within(300, "event").await.is_none());
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let server = Server::spawn();
    let mut socket = Socket::welcomed(server.address()).await;
    for topic in [
        "project:nowhere",
        "item:WEB-1",
        "team:a/b",
        "item:019380a0-7b3c-7c41-a3f2-2a1b3c4d5e6f",
        "nonsense",
        "",
        "project:",
    ] {
        let refused = socket
            .ask(json!({ "type": "subscribe", "id": 1, "topic": topic }))
            .await;
        assert_eq!(
            (&refused["type"], &refused["code"]),
            (&json!("error"), &json!("not_found")),
            "{topic}: {refused}"
        );
        assert_eq!(refused["retryable"], false);
        socket.ask(json!({ "type": "ping", "id": "between" })).await;
    }
}

#[tokio::test]
async fn a_deleted_topic_ends_with_a_reason_and_takes_what_lies_under_it_along() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let team = api.team(&web, "Core").await;
    let task = api.task(&web, "Task").await;
    let mut socket = Socket::welcomed(server.address()).await;
    for topic in [
        "project:web",
        "team:web/core",
        &format!("item:{}", id(&task)),
    ] {
        let begun = socket
            .ask(json!({ "type": "subscribe", "id": topic, "topic": topic }))
            .await;
        assert_eq!(begun["type"], "subscribed", "{begun}");
    }
    api.delete("/projects/web").await.expect(204);
    let mut ended = Vec::new();
    for _ in 0..3 {
        let end = socket.expect("unsubscribed").await;
        assert!(
            end.get("id").is_none() && end["reason"].is_string(),
            "{end}"
        );
        ended.push(end["topic"].as_str().unwrap().to_owned());
    }
    ended.sort();
    let mut topics = [
        format!("project:{}", id(&web)),
        format!("team:{}", id(&team)),
        format!("item:{}", id(&task)),
    ];
    topics.sort();
    assert_eq!(ended, topics);
}

#[tokio::test]
async fn a_hundred_topics_are_followed_and_the_hundred_and_first_is_refused() {
    let server = Server::spawn();
    let api = server.api();
    let mut names = vec!["org".to_owned()];
    for n in 0..100 {
        let task = api
            .create("/items", json!({ "kind": "task", "title": format!("{n}") }))
            .await;
        names.push(format!("item:{}", id(&task)));
    }
    let mut client = server.live(Transport::WebSocket).await;
    for name in &names[..100] {
        client.follow(name).await;
    }
    client.follow(&names[100]).await;
    assert_eq!(
        client.failed,
        [(names[100].clone(), "limit_reached".to_owned())]
    );
    // One that is followed already is no more than it was.
    let (again, last) = (names[0].clone(), names[100].clone());
    client.leave(&again).await;
    client.follow(&last).await;
    assert_eq!(client.failed.len(), 1);
    client.until_equal().await;
}
