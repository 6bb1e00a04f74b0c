//! What is taken away is gone at once.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::{
    Answer, Socket,
    api::id,
    wait::{in_time, until},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
};

use super::{PASSWORD, Place, account_id, cookie, secret, sign_in};

/// Whoever has lost something is told by what took it away, and nothing waits for a clock.
const AT_ONCE: Duration = Duration::from_secs(1);

/// An event stream, read as it comes.
struct Stream(TcpStream, String);

impl Stream {
    async fn open(place: &Place, header: &str) -> Self {
        let address = place.server.address();
        let mut line = TcpStream::connect(address).await.unwrap();
        let head =
            format!("GET /api/v1/sse?topics=org HTTP/1.1\r\nhost: {address}\r\n{header}\r\n\r\n");
        line.write_all(head.as_bytes()).await.unwrap();
        let mut stream = Self(line, String::new());
        stream.expect("event: subscribed", 1).await;
        stream
    }

    /// Reads until this was said so often.
    async fn expect(&mut self, what: &str, times: usize) {
        let mut bytes = vec![0; 65_536];
        while self.1.matches(what).count() < times {
            let count = in_time(what, self.0.read(&mut bytes)).await.unwrap();
            assert!(count > 0, "it ended before {what}: {}", self.1);
            self.1.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    }
}

/// Somebody on every transport at once.
struct Everywhere {
    socket: Socket,
    stream: Stream,
    poll: JoinHandle<(Answer, Instant)>,
}

impl Everywhere {
    async fn open(place: &Place, name: &'static str, value: &str) -> Self {
        let origin = format!("http://{}", place.server.address());
        let headers = [(name, value), ("origin", &*origin)];
        let (mut socket, _) = Socket::with_headers(place.server.address(), &headers).await;
        socket.expect("welcome").await;
        socket
            .ask(json!({ "type": "subscribe", "id": 1, "topic": "org" }))
            .await;
        let stream = Stream::open(place, &format!("{name}: {value}")).await;
        let api = place.server.api().always(name, value);
        let at = api.get("/events?topics=org").await.expect(200)["cursor"].clone();
        let path = format!("/events?topics=org&wait=30&after={}", at.as_str().unwrap());
        let held = place.server.api().get("//metrics").await;
        let held = held.metric("devteam_connections{transport=\"polling\"}");
        let poll = tokio::spawn(async move { (api.get(&path).await, Instant::now()) });
        until("the poll to wait", async || {
            let metrics = place.server.api().get("//metrics").await;
            (metrics.metric("devteam_connections{transport=\"polling\"}") > held).then_some(())
        })
        .await;
        Self {
            socket,
            stream,
            poll,
        }
    }

    /// All of it ends at once, each in the way of its transport.
    async fn ends(mut self, begun: Instant, what: &str) {
        let (socket, stream) = tokio::join!(
            async {
                assert_eq!(self.socket.closed().await, 4401);
                begun.elapsed()
            },
            async {
                self.stream.expect("not_authenticated", 1).await;
                begun.elapsed()
            }
        );
        let (answer, at) = self.poll.await.unwrap();
        answer.problem(401, "not_authenticated");
        let poll = at - begun;
        println!("{what}: WebSocket {socket:?}, SSE {stream:?}, polling {poll:?}");
        assert!(
            socket.max(stream).max(poll) < AT_ONCE,
            "{what}: {socket:?} {stream:?} {poll:?}"
        );
    }
}

#[tokio::test]
async fn what_is_taken_away_ends_on_every_transport_within_a_second() {
    let place = Place::new().await;
    let token = place.token("read", "organization").await;
    let shown = format!("Bearer {}", secret(&token));
    let program = Everywhere::open(&place, "authorization", &shown).await;
    let begun = Instant::now();
    let path = format!("/account/tokens/{}", id(&token));
    place.owner.delete(&path).await.expect(204);
    program.ends(begun, "a revoked token").await;

    let answer = sign_in(&place.server, "owner@example.org", PASSWORD).await;
    let browser = Everywhere::open(&place, "cookie", &cookie(&answer)).await;
    let begun = Instant::now();
    place.owner.delete("/account/sessions").await.expect(204);
    browser.ends(begun, "an ended session").await;

    let grace = place.person("member").await;
    let answer = sign_in(&place.server, "the-member@example.org", PASSWORD).await;
    let browser = Everywhere::open(&place, "cookie", &cookie(&answer)).await;
    let member = grace.get("/account").await.expect(200)["member"].clone();
    let path = format!("/members/{}", id(&member));
    let begun = Instant::now();
    place.owner.delete(&path).await.expect(204);
    browser.ends(begun, "a deleted member").await;
}

#[tokio::test]
async fn another_role_is_told_on_every_transport_within_a_second() {
    let place = Place::new().await;
    let grace = place.person("admin").await;
    let account = account_id(&grace).await;
    let answer = sign_in(&place.server, "the-admin@example.org", PASSWORD).await;
    let mut all = Everywhere::open(&place, "cookie", &cookie(&answer)).await;
    let begun = Instant::now();
    let path = format!("/accounts/{account}");
    let lower = json!({ "role": "viewer" });
    place.owner.patch(&path, lower).await.expect(200);
    let resync = all.socket.expect("resync").await;
    let socket = begun.elapsed();
    assert_eq!(resync["reason"], "access_changed");
    all.stream.expect("event: subscribed", 2).await;
    let stream = begun.elapsed();
    let (answer, at) = all.poll.await.unwrap();
    // It asks again, as whoever it is now.
    assert_eq!(answer.header("devteam-role"), "viewer");
    answer.expect(200);
    let poll = at - begun;
    println!("a lowered role: WebSocket {socket:?}, SSE {stream:?}, polling {poll:?}");
    assert!(
        socket.max(stream).max(poll) < AT_ONCE,
        "{socket:?} {stream:?} {poll:?}"
    );
}

#[tokio::test]
async fn another_role_counts_at_once_and_subscriptions_begin_anew() {
    let place = Place::new().await;
    let member = place.person("member").await;
    let token = super::token(&member, "write", "organization").await;
    let mut socket = Socket::bearer(place.server.address(), secret(&token)).await;
    socket
        .ask(json!({ "type": "subscribe", "id": 1, "topic": "org" }))
        .await;
    let account = account_id(&member).await;
    let role = |role: &str| {
        place
            .owner
            .patch(&format!("/accounts/{account}"), json!({ "role": role }))
    };
    role("viewer").await.expect(200);
    let resync = socket.within(1_000, "resync").await;
    assert_eq!(resync.expect("told")["reason"], "access_changed");
    let program = place.server.api().bearer(secret(&token));
    for client in [&member, &program] {
        let refused = client.post("/projects", json!({ "name": "X" })).await;
        refused.problem(403, "forbidden");
        client.get("/projects").await.expect(200);
    }
    let again = socket
        .ask(json!({ "type": "subscribe", "id": 2, "topic": "org" }))
        .await;
    assert_eq!(again["type"], "subscribed");
    // Nothing changes for one whose role is changed to what it is.
    role("viewer").await.expect(200);
    assert!(socket.within(300, "resync").await.is_none());
    place
        .owner
        .delete(&format!("/accounts/{account}"))
        .await
        .expect(204);
    assert_eq!(socket.closed().await, 4401);
}

#[tokio::test]
async fn a_token_ends_when_its_time_is_over() {
    let place = Place::new().await;
    let in_three_seconds = Instant::now() + Duration::from_secs(3);
    let soon = std::time::SystemTime::now() + Duration::from_secs(3);
    let millis = soon
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis();
    let expires_at = shared_types::value::Timestamp::from_millis(millis as i64);
    let new = json!({ "name": "Short", "access": "read", "expires_at": expires_at });
    let token = place.owner.create("/account/tokens", new).await;
    let mut socket = Socket::bearer(place.server.address(), secret(&token)).await;
    assert_eq!(socket.closed().await, 4401);
    let late = Instant::now().saturating_duration_since(in_three_seconds);
    assert!(late < Duration::from_secs(3), "{late:?}");
    let program = place.server.api().bearer(secret(&token));
    program
        .get("/account")
        .await
        .problem(401, "not_authenticated");
}
