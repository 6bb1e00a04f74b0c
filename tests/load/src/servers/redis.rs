//! Redis with an append-only file, which several nodes of the product share; and its own programs.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use super::{Place, find, free_port, listening, local, output, process::Process};
use crate::usage::Usage;

/// How to get it.
const REMEDY: &str =
    "install Redis 7 with redis-benchmark and redis-cli (Debian: apt-get install redis-server)";

/// When Redis flushes what was written: its setting `appendfsync`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flush {
    /// Before it answers.
    Always,
    /// Once a second.
    EverySecond,
}

impl Flush {
    /// As Redis calls it.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::EverySecond => "everysec",
        }
    }
}

/// A running Redis. Stopped and deleted when dropped.
#[derive(Debug)]
pub struct Redis {
    /// With its version.
    pub name: String,
    server: PathBuf,
    port: u16,
    process: Process,
    _directory: TempDir,
}

/// Whether there is one; where there is, it must work.
pub fn is_there() -> bool {
    programs().is_ok()
}

/// Where the server is, with its programs beside it.
fn programs() -> Result<PathBuf> {
    let server = find::program("REDIS_SERVER", "redis-server", REMEDY)?;
    for name in ["redis-benchmark", "redis-cli"] {
        ensure!(
            server.with_file_name(name).is_file(),
            "there is no {name} beside {}; {REMEDY}",
            server.display()
        );
    }
    Ok(server)
}

impl Redis {
    /// Starts one that is empty.
    ///
    /// # Errors
    /// It isn't there, or doesn't start.
    pub async fn start(place: &Place, flush: Flush) -> Result<Self> {
        let server = programs()?;
        let directory = place.directory("redis")?;
        let port = free_port()?;
        let mut command = serve(&server, directory.path(), port, flush);
        let mut process = Process::start(&mut command, directory.path(), Signal::SIGTERM)?;
        listening(local(port), &mut process).await?;
        let version = find::version(&server, "--version").await;
        let name = format!("Redis {}", find::number(&version));
        Ok(Self {
            name,
            server,
            port,
            process,
            _directory: directory,
        })
    }

    /// Its address, as `--journal` takes it.
    pub fn url(&self) -> String {
        format!("redis://{}", local(self.port))
    }

    /// One of its programs, told where the server is.
    pub fn client(&self, name: &str) -> Command {
        let mut command = Command::new(self.server.with_file_name(name));
        command
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string()])
            .kill_on_drop(true);
        command
    }

    /// What it answers to a command.
    ///
    /// # Errors
    /// It refuses, or doesn't answer.
    pub async fn ask(&self, command: &[&str]) -> Result<Value> {
        let mut cli = self.client("redis-cli");
        let said = output(cli.args(["-e", "--json"]).args(command)).await;
        let said = said.with_context(|| format!("redis-cli {}", command.join(" ")))?;
        serde_json::from_str(&said).with_context(|| format!("redis-cli said {said:?}"))
    }

    /// What it takes of the machine.
    ///
    /// # Errors
    /// It has ended.
    pub fn usage(&mut self) -> Result<Usage> {
        self.process.usage()
    }
}

/// The server, with its append-only file alone: a dump beside it would begin in the middle of a measurement.
fn serve(server: &Path, directory: &Path, port: u16, flush: Flush) -> Command {
    let mut command = Command::new(server);
    command
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .args(["--save", "", "--appendonly", "yes"])
        .args(["--appendfsync", flush.setting()])
        // It logs to its standard output; in this file it is found when it ends unexpectedly.
        .args(["--logfile", "server.log", "--dir"])
        .arg(directory)
        .current_dir(directory)
        .stdout(Stdio::null());
    command
}
