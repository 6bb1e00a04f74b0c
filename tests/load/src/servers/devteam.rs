//! The product itself: `devteam serve`, over its public REST and WebSocket interface only.

use std::{path::PathBuf, process::Stdio, time::Duration};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use serde_json::json;
use tokio::{
    process::Command,
    time::{Instant, sleep},
};

use super::{
    Place, Running, START,
    organization::{JSON, post, text},
    process::Process,
};
use crate::{
    client::{
        dialect::Dialect,
        http::{Http, request},
    },
    fanout::lane::LanePlan,
    stamp,
};

/// The journal of a server that shares it with nobody.
pub const SQLITE: &str = "sqlite";

/// Whether there is one to measure; where there is, it must work.
pub fn is_given() -> bool {
    std::env::var_os("DEVTEAM_BIN").is_some()
}

/// The server's binary.
///
/// # Errors
/// It isn't known, or isn't there.
pub fn binary() -> Result<PathBuf> {
    let path = std::env::var_os("DEVTEAM_BIN").map(PathBuf::from);
    let path =
        path.context("DEVTEAM_BIN is not set; `cargo xtask bench` builds the server and sets it")?;
    ensure!(
        path.is_file(),
        "DEVTEAM_BIN names {}, which is not a file",
        path.display()
    );
    Ok(path)
}

/// `devteam <name>`, as it comes: what is measured is the default configuration, not that of whoever runs this.
///
/// # Errors
/// There is no binary.
pub fn command(name: &str) -> Result<Command> {
    let mut command = Command::new(binary()?);
    command.arg(name);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DEVTEAM_") || name == "RUST_LOG" {
            command.env_remove(name);
        }
    }
    Ok(command)
}

/// Starts a server on this journal, with a project to write to and in it one item for each of `lanes`.
///
/// # Errors
/// It doesn't start, or refuses what the protocol promises.
pub async fn start(place: &Place, journal: &str, lanes: usize) -> Result<Running> {
    let mut server = serve(place, journal).await?;
    let mut http = Http::connect(server.address).await?;
    let project = post(&mut http, "/api/v1/projects", &json!({ "name": "Load" })).await?;
    let slug = text(&project, "slug")?;
    for number in 0..lanes {
        let item = json!({ "kind": "task", "title": format!("Lane {number}"), "project": slug });
        let key = text(&post(&mut http, "/api/v1/items", &item).await?, "key")?;
        let body = json!({ "title": format!("Load, {}", stamp::placeholder()) }).to_string();
        server.lanes.push(LanePlan::http(
            server.address,
            request("PATCH", &format!("/api/v1/items/{key}"), JSON, &body),
        )?);
    }
    server.dialect = Dialect::Devteam {
        topic: format!("project:{slug}"),
    };
    Ok(server)
}

/// Starts a server on this journal. It is ready, but there is nothing of ours in it to write to; who subscribes hears of
/// the organization.
///
/// # Errors
/// It doesn't start.
pub async fn serve(place: &Place, journal: &str) -> Result<Running> {
    let directory = place.directory("devteam")?;
    let mut command = command("serve")?;
    command
        .args(["--demo", "--demo-agents", "off"])
        .args(["--listen", "127.0.0.1:0", "--journal", journal])
        .arg("--data-dir")
        .arg(directory.path().join("data"))
        .current_dir(directory.path())
        .stdout(Stdio::piped());
    let mut process = Process::start(&mut command, directory.path(), Signal::SIGTERM)?;
    let line = process.first_line().await?;
    let address = line
        .strip_prefix("listening on http://")
        .with_context(|| format!("it began with {line:?}"))?;
    let address = address
        .trim_end_matches('/')
        .parse()
        .with_context(|| format!("the address {address:?}"))?;
    ready(&mut Http::connect(address).await?).await?;
    Ok(Running {
        name: "devteam".into(),
        address,
        dialect: Dialect::Devteam {
            topic: "org".into(),
        },
        lanes: Vec::new(),
        process,
        _directory: directory,
    })
}

/// Requests that create a task, each in a project of its own: one project holds only so many.
///
/// # Errors
/// A project is refused.
pub async fn create_requests(server: &Running, projects: usize) -> Result<Vec<Vec<u8>>> {
    let mut http = Http::connect(server.address).await?;
    let mut requests = Vec::with_capacity(projects);
    for number in 0..projects {
        let project = json!({ "name": format!("Creates {number}") });
        let slug = text(
            &post(&mut http, "/api/v1/projects", &project).await?,
            "slug",
        )?;
        let body = json!({ "kind": "task", "title": "A task of the usual length, as people write them", "project": slug });
        requests.push(request("POST", "/api/v1/items", JSON, &body.to_string()));
    }
    Ok(requests)
}

/// Waits until the model is loaded.
async fn ready(http: &mut Http) -> Result<()> {
    let question = request("GET", "/health/ready", JSON, "");
    let until = Instant::now() + START;
    loop {
        let answer = http.send(&question).await?;
        if answer.status == 200 {
            return Ok(());
        }
        ensure!(Instant::now() < until, "it does not get ready: {answer}");
        sleep(Duration::from_millis(10)).await;
    }
}
