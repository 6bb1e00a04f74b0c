//! `devteam database-agent`, which follows a server with a token as any program can.

use std::{fs, process::Stdio};

use anyhow::Result;
use nix::sys::signal::Signal;
use tempfile::TempDir;

use super::{Place, Running, devteam, organization, process::Process};

/// A running agent. Stopped when dropped.
#[derive(Debug)]
pub struct Agent {
    process: Process,
    _directory: TempDir,
}

impl Agent {
    /// Starts one that keeps a copy in this database.
    ///
    /// # Errors
    /// It doesn't start, or the server gives it no token.
    pub async fn start(place: &Place, server: &Running, database: &str) -> Result<Self> {
        let directory = place.directory("agent")?;
        let token = directory.path().join("token");
        fs::write(&token, organization::token(server).await?)?;
        let mut command = devteam::command("database-agent")?;
        command
            .args(["--server", &format!("http://{}", server.address)])
            .args(["--database-url", database, "--token-file"])
            .arg(&token)
            .current_dir(directory.path())
            .stdout(Stdio::null());
        let process = Process::start(&mut command, directory.path(), Signal::SIGTERM)?;
        Ok(Self {
            process,
            _directory: directory,
        })
    }

    /// Whether it still runs.
    ///
    /// # Errors
    /// It doesn't; the error has the end of its log.
    pub fn check(&mut self) -> Result<()> {
        self.process.check()
    }
}
