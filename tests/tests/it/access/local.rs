//! The demo on one's own machine: no account, and no way in for anybody else.

use serde_json::json;
use tests::{Options, Server, Socket};

#[tokio::test]
async fn whoever_comes_from_this_machine_owns_the_demo() {
    let server = Server::demo();
    let account = server.api().get("/account").await.expect(200);
    assert_eq!(account["principal"]["role"], "owner");
    assert_eq!(account["signed_in_by"], "local");
    server.api().project("Mine").await;
    Socket::welcomed(server.address()).await;
}

#[tokio::test]
async fn a_proxy_a_foreign_page_or_another_name_ends_it() {
    let server = Server::demo();
    for (name, value) in [
        ("forwarded", "for=127.0.0.1"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-host", "localhost"),
        ("x-forwarded-proto", "http"),
        ("x-real-ip", "127.0.0.1"),
        ("via", "1.1 proxy"),
        ("host", "evil.example"),
        ("host", "localhost.evil.example"),
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let api = server.api().always(name, value);
        let answer = api.get("/projects").await;
        answer.problem(401, "not_authenticated");
        let write = api.post("/projects", json!({ "name": "Theirs" })).await;
        assert!([401, 403].contains(&write.status), "{name}: {value}");
        if name != "host" && name != "sec-fetch-site" {
            let (mut socket, _) = Socket::with_header(server.address(), Some((name, value))).await;
            assert!(
                socket.within(300, "welcome").await.is_none(),
                "{name}: {value}"
            );
        }
    }
    let projects = server.api().get("/projects").await.text();
    assert!(!projects.contains("Theirs"));
}

#[tokio::test]
async fn without_the_demo_or_on_another_address_everybody_signs_in() {
    let mut strict = Server::strict();
    strict
        .api()
        .get("/projects")
        .await
        .problem(401, "not_authenticated");
    strict.set_up_secret();
    let everywhere = Options {
        demo: true,
        host: Some([0, 0, 0, 0].into()),
        ..Options::default()
    };
    let server = Server::with(everywhere);
    let port = server.address().port();
    let api = tests::Api::new(([127, 0, 0, 1], port).into());
    api.get("/projects").await.problem(401, "not_authenticated");
}
