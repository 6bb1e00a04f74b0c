//! Clients that misbehave cost the others nothing.

use std::time::{Duration, Instant};

use serde_json::json;
use shared_types::sync::Transport;
use tests::{Server, Socket, api::id, raw::exchange, wait::in_time};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

const HANDSHAKE: &str = "GET /api/v1/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// A text frame as clients send it, with a mask of zeros.
fn frame(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("short");
    let mut frame = vec![0x81];
    match u8::try_from(length) {
        Ok(length @ ..126) => frame.push(0x80 | length),
        _ => {
            frame.push(0x80 | 126);
            frame.extend(length.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    frame
}

/// KiB of memory that a process has in use.
fn memory_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn another_version_of_the_protocol_is_refused_naming_the_one_there_is() {
    let server = Server::spawn();
    let other = HANDSHAKE.replace("Version: 13", "Version: 8");
    let answer = exchange(server.address(), other.as_bytes()).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.headers["sec-websocket-version"], "13");
}

#[tokio::test]
async fn clients_that_never_read_hold_up_nobody_and_cost_little_memory() {
    let server = Server::spawn();
    let api = server.api();
    let task = api
        .create("/items", json!({ "kind": "task", "title": "T" }))
        .await;
    let path = format!("/items/{}", id(&task));
    let mut deaf = Vec::new();
    for _ in 0..20 {
        let mut line = TcpStream::connect(server.address()).await.unwrap();
        line.write_all(HANDSHAKE.as_bytes()).await.unwrap();
        line.write_all(&frame(r#"{"type":"subscribe","id":1,"topic":"all"}"#))
            .await
            .unwrap();
        deaf.push(line);
    }
    let mut client = server.live(Transport::WebSocket).await;
    client.follow("all").await;
    let before = memory_kib(server.pid());
    // 16 MB for each of them.
    for n in 0..300 {
        let body = json!({ "description": format!("{n} {}", "x".repeat(56 * 1024)) });
        api.patch(&path, body).await.expect(200);
    }
    client
        .until("all events", |client| client.events.len() == 300)
        .await;
    let grown = memory_kib(server.pid()).saturating_sub(before);
    assert!(
        grown < 200 * 1024,
        "{grown} KiB more for 20 clients that were sent 320 MB"
    );
    drop(deaf);
    api.get("/organization").await.expect(200);
}

#[tokio::test]
async fn a_slow_reader_gets_everything_in_the_end() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    let mut clients = Vec::new();
    for transport in [Transport::WebSocket, Transport::Sse] {
        let mut client = server.live(transport).await;
        client.follow("all").await;
        client.follow("project:web").await;
        clients.push(client);
    }
    // They read nothing while more happens than any buffer holds.
    for n in 0..400 {
        let task = json!({ "kind": "task", "title": format!("{n}"), "project": project["id"], "description": "y".repeat(40_000) });
        api.create("/items", task).await;
    }
    for client in &mut clients {
        client
            .until("every task", |client| {
                client.view("project:web").items.len() == 400
            })
            .await;
        client.until_equal().await;
        let seqs: Vec<u64> = client.events.iter().map(|(event, _)| event.seq).collect();
        assert_eq!(seqs.len(), 400, "each once");
        assert!(seqs.is_sorted());
    }
}

#[tokio::test]
async fn a_client_that_asks_and_never_reads_is_ended() {
    let server = Server::spawn();
    let mut line = TcpStream::connect(server.address()).await.unwrap();
    line.write_all(HANDSHAKE.as_bytes()).await.unwrap();
    Socket::welcomed(server.address()).await;
    let before = memory_kib(server.pid());
    // Slowly enough for the limit of messages a second; the answers are as large as what is asked.
    let ping = frame(&json!({ "type": "ping", "id": "z".repeat(50_000) }).to_string());
    let ended = async {
        while line.write_all(&ping).await.is_ok() {
            sleep(Duration::from_millis(30)).await;
        }
    };
    in_time("the end of the connection", ended).await;
    let grown = memory_kib(server.pid()).saturating_sub(before);
    assert!(grown < 32 * 1024, "{grown} KiB more");
    server.api().get("/organization").await.expect(200);
}

#[tokio::test]
async fn clients_that_send_a_byte_at_a_time_are_served_or_dropped_and_hold_up_nobody() {
    let server = Server::spawn();
    let api = server.api();
    let slow = (0..50).map(|n| {
        let address = server.address();
        tokio::spawn(async move {
            let mut line = TcpStream::connect(address).await.unwrap();
            let request = if n % 2 == 0 {
                HANDSHAKE
            } else {
                "POST /api/v1/projects HTTP/1.1\r\nContent-Length: 1000\r\n\r\n"
            };
            for byte in request.as_bytes() {
                if line.write_all(&[*byte]).await.is_err() {
                    return;
                }
                sleep(Duration::from_millis(200)).await;
            }
        })
    });
    let slow: Vec<_> = slow.collect();
    for n in 0..50 {
        let begun = Instant::now();
        api.project(&format!("Project {n}")).await;
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{:?}",
            begun.elapsed()
        );
    }
    slow.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_request_that_never_ends_is_ended() {
    let server = Server::spawn();
    let mut line = TcpStream::connect(server.address()).await.unwrap();
    line.write_all(b"GET /api/v1/proj").await.unwrap();
    let mut answer = Vec::new();
    in_time("the end of the connection", line.read_to_end(&mut answer))
        .await
        .unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 408"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_frame_that_comes_a_byte_at_a_time_is_read_as_one() {
    let server = Server::spawn();
    let mut line = TcpStream::connect(server.address()).await.unwrap();
    line.set_nodelay(true).unwrap();
    line.write_all(HANDSHAKE.as_bytes()).await.unwrap();
    for byte in frame(r#"{"type":"ping","id":"slow"}"#) {
        line.write_all(&[byte]).await.unwrap();
        sleep(Duration::from_millis(20)).await;
    }
    let mut heard = String::new();
    let mut buffer = [0; 4096];
    while !heard.contains(r#""type":"pong","id":"slow""#) {
        let count = in_time("the pong", line.read(&mut buffer)).await.unwrap();
        assert!(count > 0, "{heard}");
        heard.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
}

#[tokio::test]
async fn bytes_that_are_no_websocket_close_it() {
    let server = Server::spawn();
    for garbage in [
        &[0xff; 64][..],
        &[0x81, 0x05, b'h', b'e', b'l', b'l', b'o'],
        &[
            0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0,
        ],
    ] {
        let mut line = TcpStream::connect(server.address()).await.unwrap();
        line.write_all(HANDSHAKE.as_bytes()).await.unwrap();
        line.write_all(garbage).await.unwrap();
        let mut rest = Vec::new();
        // Reset or closed, both are an end.
        drop(in_time("the end of the connection", line.read_to_end(&mut rest)).await);
    }
    Socket::welcomed(server.address()).await;
}
