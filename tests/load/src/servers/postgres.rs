//! PostgreSQL as it comes: durable on every commit, which is what the creates are compared with.

use std::{
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use nix::{
    sys::signal::Signal,
    unistd::{Uid, User},
};
use tempfile::TempDir;
use tokio::{
    process::Command,
    time::{Instant, sleep},
};

use super::{Place, START, find, free_port, local, output, process::Process};
use crate::usage::Usage;

/// How to get it.
const REMEDY: &str = "install PostgreSQL with pgbench (Debian: apt-get install postgresql), or set PG_BIN_DIR to where initdb is";

/// A running cluster. Stopped and deleted when dropped.
#[derive(Debug)]
pub struct Postgres {
    /// With its version.
    pub name: String,
    binaries: PathBuf,
    port: u16,
    process: Process,
    directory: TempDir,
}

impl Postgres {
    /// Makes a cluster, starts it, and makes the table.
    ///
    /// # Errors
    /// PostgreSQL isn't there, or doesn't start; or we are root and there is no one else to run it as.
    pub async fn start(place: &Place) -> Result<Self> {
        let binaries = binaries()?;
        let directory = place.directory("postgres")?;
        let user = unprivileged()?;
        if let Some(user) = &user {
            chown(
                directory.path(),
                Some(user.uid.as_raw()),
                Some(user.gid.as_raw()),
            )?;
        }
        let data = directory.path().join("data");
        let mut initdb = program(&binaries, "initdb", directory.path(), user.as_ref());
        // What --no-sync leaves out is the flush of the new cluster's files, once; commits are flushed all the same.
        initdb
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=load",
                "--encoding=UTF8",
                "--locale=C",
                "-D",
            ])
            .arg(&data);
        output(&mut initdb).await.context("initdb")?;
        let port = free_port()?;
        let mut server = program(&binaries, "postgres", directory.path(), user.as_ref());
        server.arg("-D").arg(&data).stdout(Stdio::null());
        for setting in [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={port}"),
            "unix_socket_directories=".to_owned(),
            // The default of 100 is below what is measured. Durability stays as it comes.
            "max_connections=300".to_owned(),
        ] {
            server.arg("-c").arg(setting);
        }
        // SIGQUIT is its immediate shutdown: the data is deleted anyway.
        let process = Process::start(&mut server, directory.path(), Signal::SIGQUIT)?;
        let version = find::version(&binaries.join("postgres"), "--version").await;
        let name = format!("PostgreSQL {}", find::number(&version));
        let mut cluster = Self {
            name,
            binaries,
            port,
            process,
            directory,
        };
        cluster.ready().await?;
        cluster
            .query(
                "create table item (id bigint generated always as identity primary key, project integer not null, \
                 title text not null, status text not null, created_at timestamptz not null default now())",
            )
            .await?;
        Ok(cluster)
    }

    /// A client program, told where the server is.
    pub fn client(&self, name: &str) -> Command {
        let path = Some(self.binaries.join(name))
            .filter(|path| path.is_file())
            .or_else(|| find::on_path(name));
        let mut command = Command::new(path.unwrap_or_else(|| name.into()));
        command
            .args(["-h", "127.0.0.1", "-U", "load", "-p"])
            .arg(self.port.to_string())
            .current_dir(self.directory.path())
            .kill_on_drop(true);
        command
    }

    /// Its address, as the database agent takes it.
    pub fn url(&self) -> String {
        format!("postgres://load@{}/postgres", local(self.port))
    }

    /// Where files for its clients can be put.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// What the server and its backends take.
    ///
    /// # Errors
    /// It has ended.
    pub fn usage(&mut self) -> Result<Usage> {
        self.process.usage()
    }

    /// A setting, as the server says it is.
    ///
    /// # Errors
    /// The server doesn't answer.
    pub async fn setting(&self, name: &str) -> Result<String> {
        Ok(self.query(&format!("show {name}")).await?.trim().to_owned())
    }

    /// What a query finds, without any decoration.
    ///
    /// # Errors
    /// The server doesn't answer, or refuses.
    pub async fn query(&self, sql: &str) -> Result<String> {
        let mut psql = self.client("psql");
        psql.args([
            "-d",
            "postgres",
            "--no-psqlrc",
            "--tuples-only",
            "--no-align",
            "-c",
            sql,
        ]);
        output(&mut psql).await.context("psql")
    }

    async fn ready(&mut self) -> Result<()> {
        let until = Instant::now() + START;
        loop {
            self.process.check()?;
            match self.query("select 1").await {
                Ok(_) => return Ok(()),
                Err(error) if Instant::now() > until => return Err(error),
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

fn binaries() -> Result<PathBuf> {
    if let Some(directory) = std::env::var_os("PG_BIN_DIR").map(PathBuf::from) {
        ensure!(
            directory.join("initdb").is_file(),
            "PG_BIN_DIR is {}, where no initdb is",
            directory.display()
        );
        return Ok(directory);
    }
    // Debian keeps one directory a version, off the PATH.
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| {
            entries
                .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
                .collect()
        })
        .unwrap_or_default();
    versions.sort();
    versions.reverse();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = versions.into_iter().chain(std::env::split_paths(&path));
    find::directory_with(places, "initdb")
        .with_context(|| format!("initdb was not found; {REMEDY}"))
}

/// Whom to run it as when we are root, which PostgreSQL refuses to be.
fn unprivileged() -> Result<Option<User>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some(user));
        }
    }
    bail!("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")
}

fn program(binaries: &Path, name: &str, directory: &Path, user: Option<&User>) -> Command {
    let mut command = Command::new(binaries.join(name));
    command
        .current_dir(directory)
        .env("LC_ALL", "C")
        .kill_on_drop(true);
    if let Some(user) = user {
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
    }
    command
}
