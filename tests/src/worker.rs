//! `devteam worker` as a real process.

use std::{
    fs::{self, File},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{Server, place, wait::PATIENCE};

/// A running worker. It is killed when it is dropped.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    folder: TempDir,
}

impl Worker {
    /// One for a server, with these providers, that shows a token or nothing.
    ///
    /// # Panics
    /// It can't be started.
    pub fn spawn(server: &Server, providers: &Value, token: Option<&str>, args: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("a file");
            path
        };
        let mut command = Command::new(place::server());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("DEVTEAM_") || name == "RUST_LOG" {
                command.env_remove(name);
            }
        }
        command
            .args(["worker", "--server", &server.url("")])
            .args(args);
        let providers = file("providers.json", &providers.to_string());
        command.arg("--providers-file").arg(providers);
        if let Some(token) = token {
            command.arg("--token-file").arg(file("token", token));
        }
        let log = File::create(folder.path().join("log")).expect("a file");
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        let child = child.spawn().expect("the program can be run");
        Self { child, folder }
    }

    /// All that it has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Tells it to end, as an operator does, or `kill -9`.
    ///
    /// # Panics
    /// It has ended by itself.
    pub fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).expect("an id");
        kill(Pid::from_raw(pid), signal).expect("it was started here");
    }

    /// How it ended.
    ///
    /// # Panics
    /// It goes on.
    pub fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("it was started here") {
                return status;
            }
            assert!(
                Instant::now() < deadline,
                "the worker goes on: {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Nothing to do about either.
        drop(self.child.kill());
        drop(self.child.wait());
        if std::thread::panicking() {
            eprintln!("--- what the worker has logged\n{}", self.log());
        }
    }
}
