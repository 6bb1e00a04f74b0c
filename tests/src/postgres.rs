//! PostgreSQL as a real process, with its data in a folder of its own.

use std::{
    env,
    fs::{self, File},
    os::unix::{fs::chown, process::CommandExt},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, Uid, User},
};
use tempfile::TempDir;

use crate::{port, wait::PATIENCE};

/// A running cluster. It is ended when it is dropped.
#[derive(Debug)]
pub struct Postgres {
    binaries: PathBuf,
    user: Option<User>,
    folder: TempDir,
    port: u16,
    server: Option<Child>,
}

impl Postgres {
    /// Makes a cluster and starts it.
    ///
    /// # Panics
    /// PostgreSQL is not installed, or does not start.
    pub fn spawn() -> Self {
        let binaries = binaries();
        let user = unprivileged();
        let folder = tempfile::tempdir().expect("a temporary folder");
        if let Some(user) = &user {
            chown(
                folder.path(),
                Some(user.uid.as_raw()),
                Some(user.gid.as_raw()),
            )
            .expect("root may give a folder away");
        }
        let mut cluster = Self {
            binaries,
            user,
            folder,
            port: port::free(),
            server: None,
        };
        let mut initdb = cluster.program("initdb");
        initdb.args([
            "--no-sync",
            "--auth=trust",
            "--username=test",
            "--encoding=UTF8",
            "--locale=C",
            "-D",
        ]);
        let made = initdb
            .arg(cluster.data())
            .output()
            .expect("initdb can be run");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        cluster.start();
        cluster
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        format!("postgres://test@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it at once, as `kill -9` does, with all that it serves.
    ///
    /// # Panics
    /// It is not running.
    pub fn kill(&mut self) {
        let mut server = self.server.take().expect("it is running");
        server.kill().expect("it was started here");
        server.wait().expect("it was started here");
    }

    /// Starts it again with what it had.
    ///
    /// # Panics
    /// It does not come up.
    pub fn start(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        // The processes of a killed one see that it is gone only after a moment, and until then hold the memory
        // that they share, which the next one refuses to start beside.
        while let Err(ended) = self.come_up(deadline) {
            let said = fs::read_to_string(self.log()).unwrap_or_default();
            assert!(
                said.contains("shared memory block") && Instant::now() < deadline,
                "PostgreSQL did not come up: {ended:?}\n{said}"
            );
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Starts it once, and waits for it to take connections: or how it ended, or nothing where the time is over.
    fn come_up(&mut self, deadline: Instant) -> Result<(), Option<ExitStatus>> {
        // What a killed one has left behind names a process that is no more, or by now another.
        drop(fs::remove_file(self.data().join("postmaster.pid")));
        let log = File::create(self.log()).expect("the folder is there");
        let mut command = self.program("postgres");
        command
            .arg("-D")
            .arg(self.data())
            .stdout(Stdio::null())
            .stderr(log);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            &format!("port={}", self.port),
        ] {
            command.args(["-c", setting]);
        }
        self.server = Some(command.spawn().expect("postgres can be run"));
        while Instant::now() < deadline {
            let mut ask = self.program("pg_isready");
            ask.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
            if ask.status().expect("pg_isready can be run").success() {
                return Ok(());
            }
            let server = self.server.as_mut().expect("it was started");
            let ended = server.try_wait().expect("it was started here");
            if ended.is_some() {
                return Err(ended);
            }
            thread::sleep(Duration::from_millis(20));
        }
        Err(None)
    }

    /// What the server says, as it is written.
    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.binaries.join(name));
        command.current_dir(self.folder.path()).env("LC_ALL", "C");
        if let Some(user) = &self.user {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let pid = Pid::from_raw(server.id().try_into().expect("process ids are small"));
            // Its immediate shutdown, which ends the processes that it has started too. The data goes anyway.
            let _ = kill(pid, Signal::SIGQUIT);
            drop(server.wait());
        }
    }
}

/// Where `initdb` and `postgres` are: `PG_BIN_DIR`, or the newest that Debian has installed, or on the PATH.
fn binaries() -> PathBuf {
    let has_both = |folder: &PathBuf| {
        ["initdb", "postgres"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    let mut installed: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    installed.sort();
    let path = env::var_os("PATH").unwrap_or_default();
    let named = env::var_os("PG_BIN_DIR").map(PathBuf::from);
    let mut places = named
        .into_iter()
        .chain(installed.into_iter().rev())
        .chain(env::split_paths(&path));
    places.find(has_both).expect(
        "PostgreSQL is not installed: run `cargo xtask test`, or set PG_BIN_DIR to where initdb is",
    )
}

/// Whom to run it as when we are root, which PostgreSQL refuses to be.
fn unprivileged() -> Option<User> {
    if !Uid::effective().is_root() {
        return None;
    }
    let users = ["postgres", "nobody"].into_iter();
    let mut found = users.filter_map(|name| User::from_name(name).ok().flatten());
    Some(found.next().expect("there is a user postgres or nobody"))
}
