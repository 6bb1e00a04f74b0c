use std::{
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::json;
use tests::{Database, Server, database::command, wait::until};

/// How it ended and what it said.
fn end(mut command: Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[tokio::test]
async fn wrong_usage_ends_with_status_2_and_names_the_remedy() {
    let token = Path::new("/dev/null");
    let (status, said) = end(command(
        "http://127.0.0.1:1",
        token,
        "mysql://localhost/board",
    ));
    assert_eq!(status, Some(2), "{said}");
    assert!(
        said.contains("sqlite://") && said.contains("postgres://"),
        "{said}"
    );
    let (status, said) = end(command("localhost", token, "sqlite://copy.db"));
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("https://board.example.org"), "{said}");
}

#[test]
fn an_address_that_is_refused_is_not_repeated_for_it_may_have_a_password() {
    let token = Path::new("/dev/null");
    for address in [
        "postgres://me:sec/ret@127.0.0.1:x/board",
        "mysql://me:sec/ret@127.0.0.1/board",
    ] {
        let (status, said) = end(command("http://127.0.0.1:1", token, address));
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains("--database-url"), "{said}");
        assert!(!said.contains("ret@"), "{said}");
    }
}

#[tokio::test]
async fn a_comparison_that_is_stopped_says_that_it_was() {
    let (server, database) = (Server::spawn(), Database::postgres());
    // Somebody holds the connection and says nothing.
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let deaf = format!("postgres://me@{}/board", deaf.local_addr().unwrap());
    let mut verify = command(&server.url(""), &database.token(&server.api()).await, &deaf);
    verify.arg("verify").stderr(Stdio::piped());
    let child = verify.spawn().unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    kill(
        Pid::from_raw(child.id().try_into().unwrap()),
        Signal::SIGTERM,
    )
    .unwrap();
    let begun = Instant::now();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("stopped before"));
    assert!(
        begun.elapsed() < Duration::from_secs(8),
        "not the end of its patience"
    );
}

#[tokio::test]
async fn a_database_that_is_not_there_is_told_without_its_password() {
    let (server, mut database) = (Server::spawn(), Database::sqlite());
    database.url = "postgres://me:secret@127.0.0.1:1/board".into();
    let mut agent = database.follow(&server, &[]).await;
    until("the agent to say so", async || {
        let is_told = |log: &str| log.contains("postgres://me@127.0.0.1:1/board can't be reached");
        is_told(&database.log()).then_some(())
    })
    .await;
    assert!(database.log().contains("Connection refused"), "and why");
    assert!(!database.log().contains("secret"), "{}", database.log());
    assert!(agent.is_running(), "it waits for it");
}

#[tokio::test]
async fn a_database_that_refuses_the_agent_ends_it() {
    let (server, database) = (Server::spawn(), Database::postgres());
    let token = database.token(&server.api()).await;
    let nowhere = database.url.replace("/postgres", "/nowhere");
    let (status, said) = end(command(&server.url(""), &token, &nowhere));
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("nowhere"), "{said}");
}

#[tokio::test]
async fn a_token_that_is_refused_ends_the_agent() {
    let (server, database) = (Server::spawn(), Database::sqlite());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "devteam_t_nonsense").unwrap();
    let (status, said) = end(command(&server.url(""), &file, &database.url));
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("refuses the token"), "{said}");
    let api = server.api();
    let project = api.project("A part").await;
    let scope = format!("project:{}", project["slug"].as_str().unwrap());
    let part = json!({ "name": "A part", "access": "read", "scope": scope });
    let part = api.create("/account/tokens", part).await;
    std::fs::write(&file, part["secret"].as_str().unwrap()).unwrap();
    let (status, said) = end(command(&server.url(""), &file, &database.url));
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("scope is organization"), "{said}");
    let (status, said) = end(command(
        &server.url(""),
        &folder.path().join("none"),
        &database.url,
    ));
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("token file"), "{said}");
}

#[tokio::test]
async fn a_token_that_is_revoked_ends_the_agent() {
    let (server, database) = (Server::spawn(), Database::sqlite());
    let mut agent = database.follow(&server, &[]).await;
    database.is_right(&server).await;
    let tokens = server.api().get("/account/tokens").await.expect(200);
    for token in tokens["items"].as_array().unwrap() {
        let path = format!("/account/tokens/{}", token["id"].as_str().unwrap());
        server.api().delete(&path).await.expect(204);
    }
    until("its end", async || (!agent.is_running()).then_some(())).await;
}

#[tokio::test]
async fn tables_of_a_newer_version_are_left_alone() {
    let (server, database) = (Server::spawn(), Database::sqlite());
    let mut agent = database.follow(&server, &[]).await;
    database.is_right(&server).await;
    agent.kill();
    database
        .tamper("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 1)")
        .await;
    let token = database.token(&server.api()).await;
    let (status, said) = end(command(&server.url(""), &token, &database.url));
    assert_eq!(status, Some(1), "{said}");
    assert!(
        said.contains("newer version") && said.contains("m9999_later"),
        "{said}"
    );
}
