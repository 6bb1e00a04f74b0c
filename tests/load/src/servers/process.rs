//! A child process that does not outlive its handle.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use super::START;
use crate::usage::{Family, Usage};

/// How long a process has to go by itself when asked.
const GRACE: Duration = Duration::from_secs(4);

/// A running child, and where its standard error goes.
#[derive(Debug)]
pub struct Process {
    child: Child,
    stdout: Option<BufReader<ChildStdout>>,
    family: Family,
    log: PathBuf,
    stop: Signal,
}

impl Process {
    /// Starts it; `stop` is the signal that makes it, and whatever it started, end.
    ///
    /// # Errors
    /// It can't be started.
    pub fn start(command: &mut Command, directory: &Path, stop: Signal) -> Result<Self> {
        let log = directory.join("server.log");
        let child = command
            .stdin(Stdio::null())
            .stderr(File::create(&log)?)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", command.as_std().get_program().display()))?;
        let family = super::family(&child)?;
        Ok(Self {
            child,
            stdout: None,
            family,
            log,
            stop,
        })
    }

    /// The first line on its standard output, which must have been piped.
    ///
    /// # Errors
    /// It says nothing in time, or ends first; the error has the end of its log.
    pub async fn first_line(&mut self) -> Result<String> {
        let stdout = self
            .child
            .stdout
            .take()
            .context("its standard output is not piped")?;
        // Kept with the process: a server whose output nobody could read would fail at its next line.
        let stdout = self.stdout.insert(BufReader::new(stdout));
        let mut line = String::new();
        timeout(START, stdout.read_line(&mut line))
            .await
            .context("it did not say where it listens")??;
        if line.is_empty() {
            // Its output is closed, so it is ending; its status is what tells why.
            timeout(GRACE, self.child.wait())
                .await
                .context("it closed its standard output")??;
            self.check()?;
        }
        Ok(line.trim_end().to_owned())
    }

    /// Whether it still runs.
    ///
    /// # Errors
    /// It doesn't; the error has the end of its log.
    pub fn check(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the server ended with {status}: {}", self.last_words());
        }
        Ok(())
    }

    /// What it and its children take.
    ///
    /// # Errors
    /// It has ended.
    pub fn usage(&mut self) -> Result<Usage> {
        self.check()?;
        self.family.usage()
    }

    /// The end of what it wrote to standard error.
    fn last_words(&self) -> String {
        let log = std::fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log[log.len().saturating_sub(2_000)..]).into_owned();
        log.trim().replace('\n', " | ")
    }
}

/// Runs a program to its end.
///
/// # Errors
/// It fails; the error has what it said.
pub async fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().await?;
    ensure!(
        output.status.success(),
        "{}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

impl Drop for Process {
    fn drop(&mut self) {
        // Asked first, because a parent that is killed outright leaves its children behind. No id: it has ended.
        let Some(id) = self.child.id().and_then(|id| i32::try_from(id).ok()) else {
            return;
        };
        kill(Pid::from_raw(id), self.stop).ok();
        let until = Instant::now() + GRACE;
        while let Ok(None) = self.child.try_wait() {
            if Instant::now() > until {
                self.child.start_kill().ok();
                // Killed, it ends at once; waited for, so that its directory can be deleted.
                while let Ok(None) = self.child.try_wait() {
                    std::thread::sleep(Duration::from_millis(5));
                }
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
