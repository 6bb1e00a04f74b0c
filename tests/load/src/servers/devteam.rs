//! The product itself: `devteam serve` with its SQLite journal, over its public REST and WebSocket interface only.

use std::{path::PathBuf, process::Stdio, time::Duration};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tokio::{
    process::Command,
    time::{Instant, sleep},
};

use super::{Place, Running, START, process::Process};
use crate::{
    client::{
        dialect::Dialect,
        http::{Http, request},
    },
    fanout::lane::LanePlan,
    stamp,
};

/// What the requests say that they carry.
const JSON: &str = "application/json";

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

/// Starts a server with a project to write to, and in it one item for each of `lanes`.
///
/// # Errors
/// It doesn't start, or refuses what the protocol promises.
pub async fn start(place: &Place, lanes: usize) -> Result<Running> {
    let directory = place.directory("devteam")?;
    let mut command = Command::new(binary()?);
    command
        .args([
            "serve",
            "--demo",
            "--demo-agents",
            "off",
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
        ])
        .arg(directory.path().join("data"))
        .current_dir(directory.path())
        .stdout(Stdio::piped());
    // What is measured is the default configuration, not that of whoever runs this.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DEVTEAM_") || name == "RUST_LOG" {
            command.env_remove(name);
        }
    }
    let mut process = Process::start(&mut command, directory.path(), Signal::SIGTERM)?;
    let line = process.first_line().await?;
    let address = line
        .strip_prefix("listening on http://")
        .with_context(|| format!("it began with {line:?}"))?;
    let address = address
        .trim_end_matches('/')
        .parse()
        .with_context(|| format!("the address {address:?}"))?;

    let mut http = Http::connect(address).await?;
    ready(&mut http).await?;
    let project = post(&mut http, "/api/v1/projects", &json!({ "name": "Load" })).await?;
    let slug = text(&project, "slug")?;
    let mut plans = Vec::with_capacity(lanes);
    for number in 0..lanes {
        let item = json!({ "kind": "task", "title": format!("Lane {number}"), "project": slug });
        let key = text(&post(&mut http, "/api/v1/items", &item).await?, "key")?;
        let body = json!({ "title": format!("Load, {}", stamp::placeholder()) }).to_string();
        plans.push(LanePlan::http(
            address,
            request("PATCH", &format!("/api/v1/items/{key}"), JSON, &body),
        )?);
    }
    let dialect = Dialect::Devteam {
        topic: format!("project:{slug}"),
    };
    Ok(Running {
        name: "devteam".into(),
        address,
        dialect,
        lanes: plans,
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
        sleep(Duration::from_millis(50)).await;
    }
}

async fn post(http: &mut Http, path: &str, body: &Value) -> Result<Value> {
    http.send(&request("POST", path, JSON, &body.to_string()))
        .await?
        .json()
        .with_context(|| format!("POST {path}"))
}

fn text(entity: &Value, field: &str) -> Result<String> {
    Ok(entity[field]
        .as_str()
        .with_context(|| format!("no {field} in {entity}"))?
        .to_owned())
}
