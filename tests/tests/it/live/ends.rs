//! How connections end when the server does.

use std::time::Duration;

use serde_json::json;
use shared_types::sync::Transport;
use tests::{Server, Socket, wait::in_time};

#[tokio::test]
async fn a_server_that_is_asked_to_end_tells_everyone_and_is_gone_within_ten_seconds() {
    let mut server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    let mut socket = Socket::welcomed(server.address()).await;
    socket
        .ask(json!({ "type": "subscribe", "id": 1, "topic": "org" }))
        .await;
    let stream = tests::http::client().build().unwrap();
    let stream = stream
        .get(server.url("/api/v1/sse?topics=org"))
        .send()
        .await
        .unwrap();
    let after = api.get("/projects").await.cursor();
    let waiting = {
        let api = api.clone();
        tokio::spawn(async move {
            api.get(&format!("/events?topics=org&after={after}&wait=30"))
                .send()
                .await
        })
    };
    // The request has to be waiting before the end comes; there is nothing to see it by but its being sent.
    api.get("/projects").await.expect(200);
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.ask_to_end();
    let closing = socket.expect("closing").await;
    assert_eq!(closing["reason"], "shutdown");
    assert!(closing["retry_after_ms"].is_u64(), "{closing}");
    assert_eq!(socket.closed().await, 1001);
    let text = in_time("the end of the stream", stream.text())
        .await
        .unwrap();
    assert!(text.contains("\"closing\""), "{text}");
    let polled = in_time("an answer", waiting).await.unwrap().unwrap();
    assert_eq!(polled.status, 200, "{}", polled.text());
    let (status, _) = server.ended();
    assert_eq!(status.code(), Some(0), "{}", server.log());
    assert_eq!(server.rest_of_output(), "", "logs go to standard error");
}

#[tokio::test]
async fn idle_connections_do_not_hold_up_the_end() {
    let mut server = Server::spawn();
    let mut clients = Vec::new();
    for n in 0..30 {
        let mut client = server.live(Transport::ALL[n % 3]).await;
        client.follow("org").await;
        clients.push(client);
    }
    // Nobody of them answers.
    let begun = std::time::Instant::now();
    server.ask_to_end();
    let (status, _) = server.ended();
    assert_eq!(status.code(), Some(0));
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn clients_come_back_to_a_server_that_was_started_again() {
    let mut server = Server::spawn();
    let mut clients = Vec::new();
    for transport in Transport::ALL {
        let mut client = server.live(transport).await;
        client.follow("org").await;
        clients.push(client);
    }
    server.ask_to_end();
    server.ended();
    server.restart();
    server.api().project("After").await;
    for client in &mut clients {
        client
            .until("the project", |client| {
                client.view("org").projects.len() == 1
            })
            .await;
        assert_eq!(client.snapshots.len(), 1, "resumed");
    }
}
