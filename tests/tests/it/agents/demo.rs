use std::time::{Duration, Instant};

use serde_json::json;
use tests::{Server, Socket, wait::until};

#[tokio::test]
async fn within_30_seconds_of_the_first_start_ai_members_work_while_somebody_looks() {
    let started = Instant::now();
    let server = Server::demo();
    let api = server.api();
    let mut socket = Socket::welcomed(server.address()).await;
    socket
        .ask(json!({ "type": "subscribe", "id": 1, "topic": "org" }))
        .await;
    let run = until("an AI member at work", async || {
        let runs = api.get("/runs?limit=200").await.expect(200);
        let runs = runs["items"].as_array().unwrap().clone();
        runs.into_iter().find(|run| run["state"] == "running")
    })
    .await;
    assert_eq!(run["provider"], "scripted", "it says what it is");
    let path = format!("/runs/{}/log?wait=10", run["id"].as_str().unwrap());
    let log = api.get(&path).await.expect(200);
    assert!(!log["entries"].as_array().unwrap().is_empty());
    assert!(
        started.elapsed() < Duration::from_secs(30),
        "{:?}",
        started.elapsed()
    );
}
