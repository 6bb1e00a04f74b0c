//! Who may open a WebSocket.

use serde_json::json;
use tests::{Server, Socket};

#[tokio::test]
async fn a_page_of_this_server_is_welcome_and_one_of_another_has_to_show_a_token() {
    let server = Server::spawn();
    let own = format!("http://{}", server.address());
    let (mut socket, _) = Socket::with_header(server.address(), Some(("origin", &own))).await;
    socket.expect("welcome").await;
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
        let (mut socket, _) = Socket::with_header(server.address(), Some(("origin", origin))).await;
        assert!(socket.within(300, "welcome").await.is_none(), "{origin}");
        socket
            .send(json!({ "type": "authenticate", "token": "made up" }))
            .await;
        assert_eq!(
            socket.expect("error").await["code"],
            "not_authenticated",
            "{origin}"
        );
        assert_eq!(socket.closed().await, 4401, "{origin}");
    }
}

#[tokio::test]
async fn nothing_is_told_to_one_who_has_not_said_who_they_are() {
    let server = Server::spawn();
    let foreign = Some(("origin", "http://evil.example"));
    let (mut socket, _) = Socket::with_header(server.address(), foreign).await;
    socket
        .send(json!({ "type": "subscribe", "id": 1, "topic": "org" }))
        .await;
    let answer = socket.next().await;
    assert!(answer.is_none_or(|answer| answer["type"] == "error"));
    assert_eq!(socket.closed().await, 4401);
    // One who says nothing at all is not waited for for ever.
    let (mut socket, _) = Socket::with_header(server.address(), foreign).await;
    assert_eq!(socket.closed().await, 4401);
}
