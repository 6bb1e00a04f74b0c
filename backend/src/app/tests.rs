use clap::Parser;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
};

use super::*;
use crate::config::{Cli, Command};

fn config(directory: &TempDir, more: &[&str]) -> Serve {
    let directory = directory.path().to_str().expect("a path");
    let mut line = vec!["devteam", "serve", "--data-dir", directory];
    line.extend(more);
    if !more.contains(&"--listen") {
        line.extend(["--listen", "127.0.0.1:0"]);
    }
    // Without an account, whoever comes from this machine is somebody only where there is a demo.
    line.extend(["--demo", "--demo-agents", "off"]);
    match Cli::parse_from(line).command {
        Command::Serve(serve) => *serve,
        other => panic!("{other:?}"),
    }
}

async fn build(directory: &TempDir, more: &[&str]) -> Application {
    Application::build(&config(directory, more), Files::new())
        .await
        .expect("a server")
}

async fn refusal(config: &Serve) -> StartupError {
    Application::build(config, Files::new())
        .await
        .err()
        .expect("a refusal")
}

/// The whole answer to one request, as text.
async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("answered");
    answer
}

/// The epoch that a server answers with.
async fn epoch(application: Application) -> String {
    let address = application.address();
    let (stop, stopped) = oneshot::channel::<()>();
    let client = async {
        let answer = get(address, "/api/v1/organization").await;
        stop.send(()).expect("running");
        let cursor = answer.split("devteam-cursor: ").nth(1).expect("a cursor");
        cursor.split(':').next().expect("an epoch").to_owned()
    };
    let server = application.run(async { stopped.await.unwrap_or_default() });
    let (ran, epoch) = tokio::join!(server, client);
    ran.expect("served");
    epoch
}

#[actix_web::test]
async fn a_server_answers_until_it_is_stopped_and_then_lets_go_of_everything() {
    let directory = TempDir::new().expect("a directory");
    let application = build(&directory, &["--workers", "2"]).await;
    let address = application.address();
    let (stop, stopped) = oneshot::channel::<()>();
    let client = async {
        assert!(
            get(address, "/health/live")
                .await
                .starts_with("HTTP/1.1 200")
        );
        assert!(
            get(address, "/health/ready")
                .await
                .contains(r#""writes":true"#)
        );
        assert!(
            get(address, "/health/writable")
                .await
                .starts_with("HTTP/1.1 200")
        );
        assert!(get(address, "/metrics").await.starts_with("HTTP/1.1 200"));
        assert!(
            get(address, "/health/nonsense")
                .await
                .contains("application/problem+json")
        );
        // This one stays open and idle, and must not hold up the stop.
        let idle = TcpStream::connect(address).await.expect("a connection");
        stop.send(()).expect("running");
        idle
    };
    let server = application.run(async { stopped.await.unwrap_or_default() });
    let (ran, _idle) = tokio::time::timeout(STOP_AT_MOST, async { tokio::join!(server, client) })
        .await
        .expect("it stops in time");
    ran.expect("served");
    assert!(TcpStream::connect(address).await.is_err());
    drop(build(&directory, &[]).await);
}

#[actix_web::test]
async fn an_address_in_use_is_refused_before_anything_is_touched() {
    let (directory, other) = (
        TempDir::new().expect("one"),
        TempDir::new().expect("another"),
    );
    let application = build(&directory, &[]).await;
    let address = application.address().to_string();
    let untouched = other.path().join("data");
    let config = Serve {
        data_dir: untouched.clone(),
        ..config(&other, &["--listen", &address])
    };
    assert!(matches!(
        refusal(&config).await,
        StartupError::AddressInUse { .. }
    ));
    assert!(!untouched.exists());
}

#[actix_web::test]
async fn a_data_directory_in_use_is_refused() {
    let directory = TempDir::new().expect("a directory");
    let _application = build(&directory, &[]).await;
    let error = refusal(&config(&directory, &[])).await.to_string();
    assert!(error.contains("in use by process"), "{error}");
}

#[actix_web::test]
async fn an_epoch_outlives_a_restart_and_ends_when_a_new_one_is_asked_for() {
    let directory = TempDir::new().expect("a directory");
    let first = epoch(build(&directory, &[]).await).await;
    assert_eq!(epoch(build(&directory, &[]).await).await, first);
    assert_ne!(
        epoch(build(&directory, &["--new-epoch"]).await).await,
        first
    );
}
