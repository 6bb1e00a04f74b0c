//! A relational database, and the agent that keeps a copy in it, as a process of its own.

use std::{
    fs::{self, File},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult, JsonValue, Statement};
use serde_json::json;
use tempfile::TempDir;

use crate::{Api, Redis, Server, place, postgres::Postgres, wait::until};

/// A database for one test.
#[derive(Debug)]
pub struct Database {
    /// As `--database-url` takes it.
    pub url: String,
    /// None: SQLite.
    pub postgres: Option<Postgres>,
    folder: TempDir,
}

impl Database {
    /// A file.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self {
            url: format!("sqlite://{}", folder.path().join("copy.db").display()),
            postgres: None,
            folder,
        }
    }

    /// A server of its own.
    pub fn postgres() -> Self {
        let postgres = Postgres::spawn();
        Self {
            url: postgres.url(),
            postgres: Some(postgres),
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// A connection, as soon as there can be one.
    pub async fn connect(&self) -> DatabaseConnection {
        let url = match self.postgres {
            Some(_) => self.url.clone(),
            None => format!("{}?mode=rwc", self.url),
        };
        until("the database", async || {
            sea_orm::Database::connect(&url).await.ok()
        })
        .await
    }

    /// What a query finds, each row as JSON.
    ///
    /// # Panics
    /// The database refuses it.
    pub async fn rows(&self, query: &str) -> Vec<JsonValue> {
        let db = self.connect().await;
        let statement = Statement::from_string(db.get_database_backend(), query);
        let rows = JsonValue::find_by_statement(statement).all(&db).await;
        rows.unwrap_or_else(|error| panic!("{query}: {error}"))
    }

    /// The one number that a query finds.
    ///
    /// # Panics
    /// It finds something else.
    pub async fn number(&self, query: &str) -> i64 {
        let db = self.connect().await;
        let statement = Statement::from_string(db.get_database_backend(), query);
        let row = db.query_one_raw(statement).await;
        let row = row.unwrap_or_else(|error| panic!("{query}: {error}"));
        let only = row.map(|row| row.try_get_by_index(0));
        match only {
            Some(Ok(only)) => only,
            other => panic!("{query}: {other:?}"),
        }
    }

    /// Changes something behind the agent's back.
    ///
    /// # Panics
    /// The database refuses it.
    pub async fn tamper(&self, statement: &str) {
        let done = self.connect().await.execute_unprepared(statement).await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    /// An agent that follows a server with a token for all of it.
    pub async fn follow(&self, server: &Server, args: &[&str]) -> Agent {
        self.agent(server, &self.token(&server.api()).await, args)
    }

    /// A file with a token of whoever the client is.
    pub async fn token(&self, api: &Api) -> std::path::PathBuf {
        let token = json!({ "name": "The copy", "access": "read", "scope": "organization" });
        let made = api.create("/account/tokens", token).await;
        let path = self.folder.path().join("token");
        fs::write(&path, made["secret"].as_str().expect("a secret")).expect("a file");
        path
    }

    /// An agent with this token file.
    pub fn agent(&self, server: &Server, token: &Path, args: &[&str]) -> Agent {
        self.start(command(&server.url(""), token, &self.url), args)
    }

    /// An agent that follows what servers share in a Redis, without any of them.
    pub fn follow_redis(&self, redis: &Redis, args: &[&str]) -> Agent {
        self.start(over_redis(redis, &self.url), args)
    }

    fn start(&self, mut command: Command, args: &[&str]) -> Agent {
        let log = self.folder.path().join("log");
        let file = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .expect("a log");
        command.args(args).stdout(Stdio::null()).stderr(file);
        Agent {
            child: command.spawn().expect("the program can be run"),
        }
    }

    /// What all agents on it have logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Compares it with the model of a server.
    pub async fn verify(&self, server: &Server) -> Output {
        let token = self.token(&server.api()).await;
        let mut command = command(&server.url(""), &token, &self.url);
        let output = command.arg("verify").output();
        output.expect("the program can be run")
    }

    /// Compares it with all models in a Redis.
    pub fn verify_redis(&self, redis: &Redis) -> Output {
        let output = over_redis(redis, &self.url).arg("verify").output();
        output.expect("the program can be run")
    }

    /// Sees that it is as the model of a server is.
    ///
    /// # Panics
    /// It is not.
    pub async fn is_right(&self, server: &Server) {
        self.expect_right(&self.verify(server).await);
    }

    /// Sees that a comparison found nothing.
    ///
    /// # Panics
    /// It did.
    pub fn expect_right(&self, output: &Output) {
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(
            output.status.success(),
            "{}{}--- the agent's log\n{}",
            said(&output.stdout),
            said(&output.stderr),
            self.log()
        );
    }
}

/// `devteam database-agent` on a server.
pub fn command(server: &str, token: &Path, url: &str) -> Command {
    let mut command = plain(url);
    command
        .args(["--server", server, "--token-file"])
        .arg(token);
    command
}

fn over_redis(redis: &Redis, url: &str) -> Command {
    let mut command = plain(url);
    command.args(["--journal", &redis.url()]);
    command
}

/// `devteam database-agent`, with an environment that says nothing.
fn plain(url: &str) -> Command {
    let mut command = Command::new(place::server());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DEVTEAM_") || name == "RUST_LOG" {
            command.env_remove(name);
        }
    }
    command
        .args(["database-agent", "--database-url", url])
        .stdin(Stdio::null());
    command
}

/// A running agent. It is killed when it is dropped.
#[derive(Debug)]
pub struct Agent {
    child: Child,
}

impl Agent {
    /// Ends it at once, as `kill -9` does.
    ///
    /// # Panics
    /// It has ended by itself.
    pub fn kill(&mut self) {
        assert!(self.is_running(), "it has ended by itself");
        self.child.kill().expect("it was started here");
        self.child.wait().expect("it was started here");
    }

    /// Whether it is still there.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // Nothing to do about either.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
