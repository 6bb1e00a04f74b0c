use serde_json::json;
use tests::{Server, Socket};

#[tokio::test]
async fn a_message_in_many_frames_is_one_message() {
    let server = Server::spawn();
    let mut socket = Socket::welcomed(server.address()).await;
    socket
        .send_fragments(&["{\"type\":", "\"pi", "ng\",\"id\":", "\"whole\"}"])
        .await;
    let pong = socket.expect("pong").await;
    assert_eq!(pong["id"], "whole");
    assert!(pong["cursor"].is_string(), "{pong}");
}

#[tokio::test]
async fn what_is_no_message_is_told_and_the_connection_lives() {
    let server = Server::spawn();
    let mut socket = Socket::welcomed(server.address()).await;
    socket.send_binary(b"{\"type\":\"ping\",\"id\":1}").await;
    assert_eq!(socket.expect("error").await["code"], "bad_message");
    for (text, code) in [
        ("", "bad_message"),
        ("{", "bad_message"),
        ("[]", "bad_message"),
        ("\"ping\"", "bad_message"),
        ("{\"id\":1}", "bad_message"),
        ("{\"type\":\"ping\"}", "bad_message"),
        ("{\"type\":\"subscribe\",\"id\":1}", "bad_message"),
        (
            "{\"type\":\"subscribe\",\"id\":1,\"topic\":7}",
            "bad_message",
        ),
        ("{\"type\":\"confetti\",\"id\":1}", "unknown_message"),
        ("{\"type\":\"confetti\"}", "unknown_message"),
    ] {
        socket.send_text(text).await;
        let error = socket.expect("error").await;
        assert_eq!(
            (&error["code"], &error["retryable"]),
            (&json!(code), &json!(false)),
            "{text}: {error}"
        );
        // Not ten in a row.
        assert_eq!(
            socket.ask(json!({ "type": "ping", "id": "between" })).await["type"],
            "pong"
        );
    }
    // Fields of a later version are no mistake, nor is a look, which has no reply.
    socket
        .send(json!({ "type": "look", "path": "/projects" }))
        .await;
    let pong = socket
        .ask(json!({ "type": "ping", "id": 5, "mood": "good" }))
        .await;
    assert_eq!((&pong["type"], &pong["id"]), (&json!("pong"), &json!(5)));
}

#[tokio::test]
async fn ten_mistakes_in_a_row_close() {
    let server = Server::spawn();
    let mut socket = Socket::welcomed(server.address()).await;
    for _ in 0..10 {
        socket.send_text("nonsense").await;
    }
    let code = socket.closed().await;
    assert!([4400, 4429].contains(&code), "closed with {code}");
}

#[tokio::test]
async fn what_is_gone_is_no_mistake_however_much_of_it_is_asked_for() {
    let server = Server::spawn();
    let mut socket = Socket::welcomed(server.address()).await;
    for id in 0..30 {
        let topic = format!("item:01977420-dc00-7001-8000-0000000000{id:02}");
        let gone = json!({ "type": "subscribe", "id": id, "topic": topic });
        socket.send(gone).await;
    }
    for id in 0..30 {
        let error = socket.expect("error").await;
        assert_eq!(
            (&error["id"], &error["code"]),
            (&json!(id), &json!("not_found"))
        );
    }
    let pong = socket.ask(json!({ "type": "ping", "id": "still" })).await;
    assert_eq!(pong["type"], "pong");
}

#[tokio::test]
async fn a_message_of_64_kib_is_taken_and_one_byte_more_closes() {
    let server = Server::spawn();
    let message = |bytes: usize| {
        let frame = r#"{"type":"ping","id":1,"padding":""}"#;
        frame.replace("\"\"", &format!("\"{}\"", "a".repeat(bytes - frame.len())))
    };
    let mut socket = Socket::welcomed(server.address()).await;
    let largest = message(65_536);
    assert_eq!(largest.len(), 65_536);
    socket.send_text(&largest).await;
    assert_eq!(socket.expect("pong").await["id"], 1);
    socket.try_send(&message(65_537)).await;
    assert_eq!(socket.closed().await, 4413);
    // Nor in fragments that are small enough one by one.
    let mut socket = Socket::welcomed(server.address()).await;
    let (first, second) = largest.split_at(40_000);
    socket
        .send_fragments(&[first, &"a".repeat(40_000), second])
        .await;
    assert_eq!(socket.closed().await, 4413);
}

#[tokio::test]
async fn more_than_fifty_messages_a_second_close() {
    let server = Server::spawn();
    let mut socket = Socket::welcomed(server.address()).await;
    for n in 0..300 {
        if !socket
            .try_send(&json!({ "type": "ping", "id": n }).to_string())
            .await
        {
            break;
        }
    }
    assert_eq!(socket.closed().await, 4429);
}
