//! The browser app as it is served.

use std::collections::BTreeSet;

use tests::{Answer, Options, Server, api::Api, place};

fn server() -> Server {
    let dist = place::dist().expect("the browser app is built; `cargo xtask test` builds it");
    Server::with(Options {
        args: vec!["--assets-dir".into(), dist.display().to_string()],
        ..Options::default()
    })
}

async fn brotli(api: &Api, path: &str) -> Answer {
    api.get(&format!("/{path}"))
        .header("accept-encoding", "gzip, deflate, br")
        .await
}

/// The files that a page names and that begin to load with it.
fn named(page: &str) -> BTreeSet<String> {
    let parts = page.split(['"', '\'', '`']);
    let paths = parts.filter(|part| {
        part.starts_with('/')
            && part
                .rsplit('.')
                .next()
                .is_some_and(|end| ["js", "wasm", "css", "svg", "woff2"].contains(&end))
    });
    paths.map(str::to_owned).collect()
}

#[tokio::test]
async fn files_with_a_hash_in_their_name_are_kept_for_ever_and_the_page_is_not() {
    let server = server();
    let api = server.api();
    let page = api.get("//").await;
    assert!(
        page.header("cache-control").contains("no-cache"),
        "{}",
        page.header("cache-control")
    );
    for file in named(&page.text()) {
        let answer = brotli(&api, &file).await;
        assert!(
            answer.header("cache-control").contains("immutable"),
            "{file}: {}",
            answer.header("cache-control")
        );
        assert!(
            answer
                .header("vary")
                .to_lowercase()
                .contains("accept-encoding"),
            "{file}"
        );
        let plain = api
            .get(&format!("/{file}"))
            .header("accept-encoding", "identity")
            .await;
        assert_eq!(
            (plain.status, plain.header("content-encoding")),
            (200, ""),
            "{file}"
        );
        if file.ends_with(".wasm") {
            assert_eq!(plain.header("content-type"), "application/wasm");
        }
    }
}

#[tokio::test]
async fn every_address_of_the_app_serves_it_and_nothing_else_is_served() {
    let server = server();
    let api = server.api();
    let page = api.get("//").await.text();
    for path in [
        "dashboard",
        "projects",
        "projects/website",
        "projects/website/teams/core",
        "members/ada",
        "account",
        "items/WEB-12",
        "nowhere/at/all",
    ] {
        let answer = api.get(&format!("//{path}")).await;
        assert_eq!(
            (answer.status, answer.text()),
            (200, page.clone()),
            "{path}"
        );
    }
    for path in [
        "missing.js",
        "missing-0123456789abcdef.wasm",
        "favicon-missing.png",
    ] {
        assert_eq!(api.get(&format!("//{path}")).await.status, 404, "{path}");
    }
    for path in [
        "%2e%2e/Cargo.toml",
        "..%2fCargo.toml",
        "..%5cCargo.toml",
        "%2fetc%2fpasswd",
        "%00",
    ] {
        let answer = api.get(&format!("//{path}")).await;
        assert!(
            !answer.text().contains("[package]") && !answer.text().contains("root:"),
            "{path}"
        );
    }
    let policy = api.get("//").await;
    assert!(
        policy
            .header("content-security-policy")
            .contains("default-src"),
        "{:?}",
        policy.headers
    );
    assert_eq!(policy.header("x-content-type-options"), "nosniff");
}
