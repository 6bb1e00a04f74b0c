use serde_json::{Value, json};
use shared_types::{sync::Transport, wire::Cursor};
use tests::{Server, Socket, api::id};

async fn begin(socket: &mut Socket, topic: &str, after: &str) -> Value {
    socket
        .ask(json!({ "type": "subscribe", "id": 1, "topic": topic, "after": after }))
        .await
}

#[tokio::test]
async fn a_position_is_resumed_with_exactly_what_came_after_it() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let after = api.get("/projects").await.cursor();
    for n in 0..3 {
        api.task(&web, &format!("Task {n}")).await;
        api.member(&format!("Member {n}")).await;
    }
    let mut socket = Socket::welcomed(server.address()).await;
    let resumed = begin(&mut socket, "project:web", &after.to_string()).await;
    assert_eq!(
        (&resumed["mode"], &resumed["replaying"]),
        (&json!("resumed"), &json!(3)),
        "{resumed}"
    );
    assert_eq!(resumed["cursor"], after.to_string());
    let topic = resumed["topic"].as_str().unwrap().to_owned();
    let mut prev = None;
    for n in 0..3 {
        let event = socket.expect("event").await;
        assert_eq!(event["event"]["data"]["item"]["title"], format!("Task {n}"));
        assert!(
            prev.is_none_or(|prev| event["prev"][&topic] == prev),
            "{event}"
        );
        prev = Some(event["event"]["seq"].clone());
    }
    // All that ever happened, from its beginning.
    let all = begin(&mut socket, "all", &format!("{}:0", after.epoch)).await;
    assert_eq!(all["mode"], "resumed", "{all}");
    for seq in 1..=all["replaying"].as_u64().unwrap() {
        assert_eq!(socket.expect("event").await["event"]["seq"], seq);
    }
}

#[tokio::test]
async fn positions_of_another_epoch_and_from_the_future_begin_with_a_snapshot() {
    let server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    let head = api.get("/projects").await.cursor();
    let mut socket = Socket::welcomed(server.address()).await;
    for after in [
        "other:1".to_owned(),
        "other:0".into(),
        format!("{}:{}", head.epoch, head.seq + 1_000_000),
        format!("{}:{}", head.epoch, u64::MAX),
    ] {
        let begun = begin(&mut socket, "project:web", &after).await;
        assert_eq!(
            (&begun["type"], &begun["mode"]),
            (&json!("subscribed"), &json!("snapshot")),
            "{after}: {begun}"
        );
        assert_eq!(begun["cursor"], head.to_string());
        let query = format!("/events?topics=project:web&after={after}");
        let polled = api.get(&query).await.expect(200);
        assert_eq!(
            polled["messages"][0]["mode"], "snapshot",
            "{after}: {polled}"
        );
        assert_eq!(polled["cursor"], head.to_string());
    }
}

#[tokio::test]
async fn all_after_a_position_that_is_no_more_has_a_snapshot_to_fetch_and_goes_on_after_it() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let task = api.task(&web, "Written down").await;
    let comment = json!({ "body": "In full" });
    api.create(&format!("/items/{}/comments", id(&task)), comment)
        .await;
    let href = "/api/v1/snapshot?topic=all";
    let mut socket = Socket::welcomed(server.address()).await;
    let begun = begin(&mut socket, "all", "other:1").await;
    assert_eq!(begun["href"], href, "{begun}");
    let polled = api.get("/events?topics=all&after=other:1").await;
    assert_eq!(polled.expect(200)["messages"][0]["href"], href);
    let asked = api.get("/events?topics=all@snapshot").await;
    assert_eq!(asked.expect(200)["messages"][0]["href"], href);
    let live = api.get("/events?topics=all").await.expect(200);
    assert_eq!(live["messages"][0]["href"], Value::Null, "{live}");

    let fetched = api.get("/snapshot?topic=all").await.expect(200);
    let snapshot = &fetched["snapshot"];
    assert_eq!(snapshot["items"][0]["description"], "");
    assert_eq!(snapshot["comments"][0]["body"], "In full");
    assert_eq!(snapshot["projects"][0]["id"], web["id"]);
    assert_eq!(
        snapshot["organization"]["slug"].as_str().map(str::is_empty),
        Some(false)
    );
    let mut client = server.live(Transport::Polling).await;
    client.follow("all").await;
    api.project("More").await;
    let resumed = begin(&mut socket, "all", fetched["cursor"].as_str().unwrap()).await;
    assert_eq!(
        (&resumed["mode"], &resumed["replaying"]),
        (&json!("resumed"), &json!(1))
    );
    client
        .until("the event", |client| client.events.len() == 1)
        .await;
}

#[tokio::test]
async fn positions_of_nonsense_are_refused() {
    let server = Server::spawn();
    let api = server.api();
    let mut socket = Socket::welcomed(server.address()).await;
    for after in [
        "",
        "nonsense",
        "k3",
        "k3:",
        ":7",
        "k3:-1",
        "k3:1.5",
        "k3:99999999999999999999",
        "k 3:1",
        "k3:1:2",
        "ключ:1",
    ] {
        let refused = begin(&mut socket, "org", after).await;
        assert_eq!(
            (&refused["type"], &refused["code"]),
            (&json!("error"), &json!("invalid_cursor")),
            "{after}: {refused}"
        );
        socket.ask(json!({ "type": "ping", "id": "between" })).await;
        if after.is_ascii() && !after.is_empty() {
            let after = after.replace(' ', "%20");
            for path in ["events", "sse"] {
                api.get(&format!("/{path}?topics=org&after={after}"))
                    .await
                    .problem(400, "invalid_cursor");
            }
        }
    }
    // Whatever it is, a number is no text.
    let refused = socket
        .ask(json!({ "type": "subscribe", "id": 1, "topic": "org", "after": 7 }))
        .await;
    assert_eq!(refused["type"], "error");
}

#[tokio::test]
async fn no_resume_crosses_a_barrier() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let before = api.get("/projects").await.cursor();
    let mut following = Socket::welcomed(server.address()).await;
    following
        .ask(json!({ "type": "subscribe", "id": 1, "topic": "org" }))
        .await;
    let task = api
        .create(
            "/items",
            json!({ "kind": "epic", "title": "E", "project": "web" }),
        )
        .await;
    api.delete("/projects/web").await.expect(204);
    api.post(&format!("/projects/{}/restore", id(&web)), json!({}))
        .await;
    let mut socket = Socket::welcomed(server.address()).await;
    let begun = begin(&mut socket, "project:web", &before.to_string()).await;
    assert_eq!(begun["mode"], "snapshot", "{begun}");
    assert_eq!(begun["snapshot"]["items"][0]["id"], task["id"]);
    // The organization's own view followed event by event.
    let resumed = begin(&mut socket, "org", &before.to_string()).await;
    assert_eq!(resumed["mode"], "resumed", "{resumed}");
    for kind in ["project.deleted", "project.restored"] {
        assert_eq!(following.expect("event").await["event"]["type"], kind);
    }
}

#[tokio::test]
async fn what_changes_at_once_is_told_by_a_resync() {
    let server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    let app = api.project("App").await;
    let epic = api
        .create(
            "/items",
            json!({ "kind": "epic", "title": "E", "project": "web" }),
        )
        .await;
    for n in 0..3 {
        let feature = json!({ "kind": "feature", "title": format!("{n}"), "project": "web", "parent": epic["id"] });
        api.create("/items", feature).await;
    }
    let mut socket = Socket::welcomed(server.address()).await;
    socket
        .ask(json!({ "type": "subscribe", "id": 1, "topic": "project:app" }))
        .await;
    api.delete(&format!("/items/{}", id(&epic)))
        .await
        .expect(204);
    api.post(&format!("/items/{}/restore", id(&epic)), json!({}))
        .await;
    assert!(
        socket.within(300, "resync").await.is_none(),
        "nothing of it is on this topic"
    );
    api.post(
        &format!("/items/{}/move", id(&epic)),
        json!({ "project": "app" }),
    )
    .await
    .expect(200);
    // Either every item comes with an event of its own, or the topic is told to begin again.
    let mut items = 0;
    while let Some(message) = socket.next().await {
        match message["type"].as_str() {
            Some("resync") => {
                assert_eq!(message["topic"], format!("project:{}", id(&app)));
                assert_eq!(message["reason"], "changed_at_once");
                let again = socket
                    .ask(json!({ "type": "subscribe", "id": 2, "topic": "project:app" }))
                    .await;
                items = again["snapshot"]["items"].as_array().unwrap().len();
                break;
            }
            Some("event") => items += 1,
            _ => continue,
        }
        if items == 4 {
            break;
        }
    }
    assert_eq!(items, 4);
}

#[tokio::test]
async fn another_epoch_starts_every_client_over() {
    let mut server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let mut clients = Vec::new();
    for transport in Transport::ALL {
        let mut client = server.live(transport).await;
        client.follow("org").await;
        client.follow("project:web").await;
        clients.push(client);
    }
    let before: Cursor = api.get("/projects").await.cursor();
    server.ask_to_end();
    server.ended();
    server.restart_with(|options| options.args.push("--new-epoch".into()));
    let api = server.api();
    assert_ne!(api.get("/projects").await.cursor().epoch, before.epoch);
    api.task(&web, "After").await;
    for client in &mut clients {
        client
            .until("the task", |client| {
                client.view("project:web").items.len() == 1
            })
            .await;
        client.until_equal().await;
        assert_eq!(client.snapshots.len(), 4);
        assert_ne!(client.health().cursor.unwrap().epoch, before.epoch);
    }
}

#[tokio::test]
async fn a_restart_without_a_new_epoch_is_resumed() {
    let mut server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let mut clients = Vec::new();
    for transport in Transport::ALL {
        let mut client = server.live(transport).await;
        client.follow("project:web").await;
        clients.push(client);
    }
    api.task(&web, "Before").await;
    server.kill();
    server.restart();
    let api = server.api();
    api.task(&web, "After").await;
    for client in &mut clients {
        client
            .until("both tasks", |client| {
                client.view("project:web").items.len() == 2
            })
            .await;
        client.until_equal().await;
        assert_eq!(client.snapshots.len(), 1);
    }
}

#[tokio::test]
async fn a_topic_on_which_nothing_has_happened_is_resumed_from_the_journal() {
    let mut server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let quiet = api.task(&web, "Quiet").await;
    let topic = format!("item:{}", id(&quiet));
    let mut clients = Vec::new();
    for transport in Transport::ALL {
        let mut client = server.live(transport).await;
        client.follow(&topic).await;
        clients.push(client);
    }
    api.task(&web, "Another").await;
    // What has happened up to here is in the journal alone from now on.
    server.kill();
    server.restart();
    for client in &mut clients {
        client.read_for(100).await;
        client
            .until("to be back", |client| client.health().settled)
            .await;
    }
    let path = format!("/items/{}", id(&quiet));
    let patched = server
        .api()
        .patch(&path, json!({ "title": "Not any more" }));
    patched.await.expect(200);
    for client in &mut clients {
        client
            .until("the event", |client| client.events.len() == 1)
            .await;
        client.until_equal().await;
        assert_eq!(client.snapshots.len(), 1);
        // The one that was cut and one more, where there is one.
        let health = client.health();
        assert!(health.connections <= 2, "{health:?}");
    }
}
