//! How far back a resume reaches.

use serde_json::json;
use shared_types::sync::Transport;
use tests::{Server, Socket, api::id};

/// The events that a resume is sure to reach back.
const WINDOW: u64 = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_events_back_a_resume_still_brings_every_one() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let mut away = server.live(Transport::WebSocket).await;
    away.follow("project:web").await;
    away.cut();
    let begun = api.get("/organization").await.cursor();
    let writers = (0..64).map(|writer| {
        let (api, project) = (api.clone(), web["id"].clone());
        tokio::spawn(async move {
            let task =
                json!({ "kind": "task", "title": format!("Task {writer}"), "project": project });
            let path = format!("/items/{}", id(&api.create("/items", task).await));
            for n in 1..WINDOW / 64 {
                api.patch(&path, json!({ "title": format!("Title {n}") }))
                    .await
                    .expect(200);
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let head = api.get("/organization").await.cursor();
    let written = head.seq - begun.seq;
    assert!(
        (WINDOW - 64..=WINDOW).contains(&written),
        "{written} events"
    );

    let mut socket = Socket::welcomed(server.address()).await;
    let ask =
        json!({ "type": "subscribe", "id": 1, "topic": "project:web", "after": begun.to_string() });
    let resumed = socket.ask(ask).await;
    assert_eq!(
        (&resumed["mode"], &resumed["replaying"]),
        (&json!("resumed"), &json!(written)),
        "{resumed}"
    );
    let topic = resumed["topic"].as_str().unwrap().to_owned();
    let mut have = begun.seq;
    for _ in 0..written {
        let event = socket.expect("event").await;
        assert!(
            event["prev"][&topic].as_u64().unwrap() <= have,
            "a gap after {have}"
        );
        let seq = event["event"]["seq"].as_u64().unwrap();
        assert!(seq > have);
        have = seq;
    }
    assert_eq!(have, head.seq);
    // A client that was away all the while comes back the same way.
    away.until("every event", |client| {
        client.events.len() as u64 == written
    })
    .await;
    away.until_equal().await;
    assert_eq!(away.snapshots.len(), 1);
}
