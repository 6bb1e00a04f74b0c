//! How much anybody may ask for, and what other sites' pages may.

use serde_json::json;
use tests::{Server, Socket};

use super::{Place, secret};

#[tokio::test]
async fn who_writes_too_much_is_told_when_to_come_back() {
    let place = Place::with(&["--writes-per-second", "2"]).await;
    let program = place.program("write", "organization").await;
    let mut refused = 0;
    for n in 0..12 {
        let answer = program
            .post("/projects", json!({ "name": format!("Project {n}") }))
            .await;
        if answer.status == 429 {
            answer.problem(429, "too_many_requests");
            let wait: u64 = answer.header("retry-after").parse().unwrap();
            assert!((1..=2).contains(&wait), "{wait}");
            refused += 1;
        }
    }
    assert!((1..12).contains(&refused), "{refused}");
    program.get("/projects").await.expect(200);
    let other = place.program("write", "organization").await;
    other.project("Not touched").await;
}

#[tokio::test]
async fn the_demo_on_ones_own_machine_has_no_limits() {
    let server = Server::with(tests::Options {
        args: ["--writes-per-second", "1", "--connections-per-address", "1"]
            .map(str::to_owned)
            .into(),
        ..tests::Options::default()
    });
    for n in 0..10 {
        server.api().project(&format!("Project {n}")).await;
    }
    let _first = Socket::welcomed(server.address()).await;
    Socket::welcomed(server.address()).await;
}

#[tokio::test]
async fn connections_beyond_ones_share_are_refused_and_come_free_again() {
    let place = Place::with(&["--connections-per-principal", "2"]).await;
    let token = place.token("read", "organization").await;
    let address = place.server.address();
    let first = Socket::bearer(address, secret(&token)).await;
    let _second = Socket::bearer(address, secret(&token)).await;
    let program = place.server.api().bearer(secret(&token));
    let refused = program.get("/events?topics=org").await;
    refused.problem(429, "too_many_requests");
    assert_ne!(refused.header("retry-after"), "");
    let foreign = Some(("origin", "http://dashboard.example"));
    let (mut socket, _) = Socket::with_header(address, foreign).await;
    socket
        .send(json!({ "type": "authenticate", "token": secret(&token) }))
        .await;
    assert_eq!(socket.closed().await, 4429);
    drop(first);
    let until = std::time::Instant::now() + std::time::Duration::from_secs(5);
    while program.get("/events?topics=org").await.status != 200 {
        assert!(
            std::time::Instant::now() < until,
            "the share did not come free"
        );
    }
}

#[tokio::test]
async fn other_sites_use_the_api_only_where_they_are_named_and_with_a_token() {
    let site = "https://dashboard.example.org";
    let place = Place::with(&["--allow-origins", site]).await;
    let token = place.token("write", "organization").await;
    let anybody = place.server.api();
    let ask = |origin: &str| {
        anybody
            .always("origin", origin)
            .request("OPTIONS", "/projects")
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "authorization,content-type",
            )
    };
    let allowed = |answer: &tests::Answer| answer.header("access-control-allow-origin").to_owned();
    let preflight = ask(site).await;
    assert_eq!((preflight.status, &*allowed(&preflight)), (200, site));
    assert_eq!(preflight.header("access-control-allow-credentials"), "");
    assert_eq!(allowed(&ask("https://evil.example").await), "");
    let program = anybody.bearer(secret(&token)).always("origin", site);
    let made = program
        .post("/projects", json!({ "name": "Made there" }))
        .await;
    assert_eq!((made.status, &*allowed(&made)), (201, site));
    let by_cookie = place.owner.always("origin", site);
    let refused = by_cookie.post("/projects", json!({ "name": "X" })).await;
    refused.problem(403, "forbidden");
    let foreign = program.always("origin", "https://evil.example");
    assert_eq!(allowed(&foreign.get("/projects").await), "");
}

#[tokio::test]
async fn answers_tell_browsers_to_be_careful() {
    let server = Server::demo();
    for path in ["//", "/projects", "/docs/", "//health/live", "/nothing"] {
        let answer = server.api().get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
    }
    for path in ["//", "/projects", "/docs/"] {
        let policy = server.api().get(path).await;
        let policy = policy.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("script-src 'unsafe-inline'"), "{path}");
    }
    let description = server.api().get("/docs/").await.text();
    let scripts = description.split("<script").skip(1);
    for script in scripts {
        assert!(
            script.split('>').next().unwrap().contains("src="),
            "inline: {script}"
        );
    }
}
