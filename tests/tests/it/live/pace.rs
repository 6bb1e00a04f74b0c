//! What comes when nothing happens.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use tests::{Server, Socket};
use tokio::time::timeout;

#[tokio::test]
async fn heartbeats_and_comments_come_in_time_and_say_where_the_line_is() {
    let server = Server::spawn();
    let api = server.api();
    let websocket = async {
        let mut socket = Socket::welcomed(server.address()).await;
        socket
            .ask(serde_json::json!({ "type": "subscribe", "id": 1, "topic": "org" }))
            .await;
        let head = api
            .post(
                "/items",
                serde_json::json!({ "kind": "task", "title": "T" }),
            )
            .await
            .cursor();
        let begun = Instant::now();
        let heartbeat = timeout(Duration::from_secs(23), socket.expect("heartbeat"))
            .await
            .expect("within 20 seconds");
        assert_eq!(
            heartbeat["cursor"],
            head.to_string(),
            "after {:?}",
            begun.elapsed()
        );
    };
    let sse = async {
        let client = tests::http::client().build().unwrap();
        let answer = client
            .get(server.url("/api/v1/sse?topics=org"))
            .send()
            .await
            .unwrap();
        let mut stream = answer.bytes_stream();
        let comment = async {
            let mut text = String::new();
            // One may come at once, so that what buffers is noticed early; the next shows the rhythm.
            while text.lines().filter(|line| line.starts_with(':')).count() < 2 {
                text.push_str(&String::from_utf8_lossy(
                    &stream.next().await.expect("it goes on").unwrap(),
                ));
            }
        };
        timeout(Duration::from_secs(33), comment)
            .await
            .expect("a comment every 15 seconds");
    };
    tokio::join!(websocket, sse);
}
