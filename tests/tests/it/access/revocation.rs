//! What is taken away is gone at once.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::{Socket, api::id};

use super::{PASSWORD, Place, account_id, cookie, secret, sign_in};

/// "Within a second", and what a busy machine takes to be asked.
const AT_ONCE: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_revoked_token_closes_its_connections() {
    let place = Place::new().await;
    let token = place.token("read", "organization").await;
    let address = place.server.address();
    let mut socket = Socket::bearer(address, secret(&token)).await;
    let mut other =
        Socket::bearer(address, secret(&place.token("read", "organization").await)).await;
    socket
        .ask(json!({ "type": "subscribe", "id": 1, "topic": "org" }))
        .await;
    let program = place.server.api().bearer(secret(&token));
    let at = program.get("/events?topics=org").await.expect(200)["cursor"].clone();
    let poll = format!("/events?topics=org&wait=30&after={}", at.as_str().unwrap());
    let (stream, poll) = (program.get("/sse?topics=org"), program.get(&poll));
    let (streamed, polled, ()) = tokio::join!(stream, poll, async {
        let begun = Instant::now();
        let path = format!("/account/tokens/{}", id(&token));
        // The stream is asked for by now: its first lines are on their way.
        place.owner.get("/account").await.expect(200);
        place.owner.delete(&path).await.expect(204);
        assert_eq!(socket.closed().await, 4401);
        assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    });
    // Whichever came first, it has ended, and says why; neither is waited for half a minute.
    assert_eq!(polled.status, 401);
    assert!(
        streamed.text().contains("not_authenticated"),
        "{}",
        streamed.text()
    );
    program
        .get("/projects")
        .await
        .problem(401, "not_authenticated");
    let pong = other.ask(json!({ "type": "ping", "id": 1 })).await;
    assert_eq!(pong["type"], "pong", "nobody else is touched");
}

#[tokio::test]
async fn an_ended_session_closes_its_connections() {
    let place = Place::new().await;
    let answer = sign_in(&place.server, "owner@example.org", PASSWORD).await;
    let cookie = cookie(&answer);
    let origin = format!("http://{}", place.server.address());
    let headers = [("cookie", &*cookie), ("origin", &*origin)];
    let (mut socket, _) = Socket::with_headers(place.server.address(), &headers).await;
    let welcome = socket.expect("welcome").await;
    assert_eq!(welcome["principal"]["role"], "owner");
    let begun = Instant::now();
    place.owner.delete("/account/sessions").await.expect(204);
    assert_eq!(socket.closed().await, 4401);
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
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
    let resync = socket.within(2_000, "resync").await;
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
