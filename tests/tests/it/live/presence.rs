use serde_json::json;
use tests::{Server, Socket, api::id};

#[tokio::test]
async fn those_who_follow_a_topic_are_told_who_looks_at_it() {
    let server = Server::demo();
    let api = server.api();
    let web = api.project("Quiet place").await;
    let mut follower = Socket::welcomed(server.address()).await;
    let slug = web["slug"].as_str().unwrap();
    follower
        .ask(json!({ "type": "subscribe", "id": 1, "topic": format!("project:{slug}") }))
        .await;
    let mut looker = Socket::connect(server.address()).await;
    let welcome = looker.expect("welcome").await;
    let path = format!("/projects/{slug}");
    looker.send(json!({ "type": "look", "path": path })).await;
    let presence = follower.expect("presence").await;
    assert_eq!(presence["topic"], format!("project:{}", id(&web)));
    assert_eq!(presence["members"][0]["path"], path);
    let who = &welcome["principal"];
    assert!(
        [&who["id"], &who["member"]].contains(&&presence["members"][0]["id"]),
        "{presence} {welcome}"
    );
    // Gone elsewhere, then gone altogether.
    looker
        .send(json!({ "type": "look", "path": "/members" }))
        .await;
    assert_eq!(follower.expect("presence").await["members"], json!([]));
    looker.send(json!({ "type": "look", "path": path })).await;
    assert_eq!(
        follower.expect("presence").await["members"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    drop(looker);
    assert_eq!(follower.expect("presence").await["members"], json!([]));
}

#[tokio::test]
async fn one_who_looks_from_two_browsers_is_there_once_and_in_two_places() {
    let server = Server::demo();
    let mut follower = Socket::welcomed(server.address()).await;
    let project = server.api().project("Quiet place").await;
    let topic = format!("project:{}", id(&project));
    follower
        .ask(json!({ "type": "subscribe", "id": 1, "topic": topic }))
        .await;
    let path = format!("/projects/{}", project["slug"].as_str().unwrap());
    let look = json!({ "type": "look", "path": path });
    follower.send(look.clone()).await;
    let alone = follower.expect("presence").await;
    assert_eq!(alone["members"].as_array().unwrap().len(), 1);
    assert_eq!(alone["members"][0]["connections"], json!(null));
    let mut other = Socket::welcomed(server.address()).await;
    other.send(look).await;
    let both = follower.expect("presence").await;
    assert_eq!(both["members"].as_array().unwrap().len(), 1);
    assert_eq!(both["members"][0]["connections"], 2);
    drop(other);
    let alone = follower.expect("presence").await;
    assert_eq!(alone["members"][0]["connections"], json!(null));
}
