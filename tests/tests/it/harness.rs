//! That the harness itself does what it says.

use serde_json::json;
use shared_types::{sync::Transport, topic::Topic};
use tests::{Browser, Options, Proxy, Server, place, proxy::Mode};

#[tokio::test]
async fn a_live_client_comes_back_through_a_broken_network_and_misses_nothing() {
    let server = Server::spawn();
    let api = server.api();
    let proxy = Proxy::before(server.address()).await;
    for transport in Transport::ALL {
        let mut client = tests::LiveClient::connect(proxy.address(), transport).await;
        client.follow("org").await;
        let before = client.view("org").projects.len();
        proxy.set(Mode::Cut);
        api.project("Behind the wall").await;
        client.read_for(300).await;
        assert_eq!(client.view("org").projects.len(), before);
        proxy.set(Mode::Pass);
        client
            .until("the project", |client| {
                client.view("org").projects.len() == before + 1
            })
            .await;
        client.until_equal().await;
        assert_eq!(client.snapshots, [Topic::Org], "resumed, not begun again");
    }
}

#[tokio::test]
async fn a_browser_shows_the_page_and_tells_what_is_wrong_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let page = r#"<!doctype html><meta name="viewport" content="width=device-width"><title>Page</title><h1>Hello</h1><img src="/missing.png">
        <script>console.error("on purpose")</script>"#;
    std::fs::write(folder.path().join("index.html"), page).unwrap();
    let args = vec![
        "--assets-dir".to_owned(),
        folder.path().display().to_string(),
    ];
    let server = Server::with(Options {
        args,
        ..Options::default()
    });
    let browser = Browser::open(server.address()).await;
    browser.sees("Hello").await;
    browser.resize(360, 800).await;
    browser.prefer(tests::browser::Scheme::Dark).await;
    browser.until("360 px", "return innerWidth === 360").await;
    browser
        .until(
            "dark",
            "return matchMedia('(prefers-color-scheme: dark)').matches",
        )
        .await;
    assert!(
        browser
            .screenshot("harness")
            .await
            .starts_with(place::output())
    );
    let errors = browser.console_errors().await;
    assert!(
        errors.iter().any(|error| error.contains("on purpose")),
        "{errors:?}"
    );
    let found = browser.accessibility().await;
    assert!(
        found.iter().any(|violation| violation.rule == "image-alt"),
        "{found:?}"
    );
    assert_eq!(browser.eval("return [1, 'a']").await, json!([1, "a"]));
}
