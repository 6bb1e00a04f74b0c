//! One agent at a time on one database: the second waits, and goes on when the first has ended, however that happened.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::PathBuf,
    time::Duration,
};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};

use super::{Database, DatabaseUrl, SqlError, database};

/// How often one that waits looks again.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// PostgreSQL's advisory locks are numbers: "devteam" in ASCII.
const KEY: i64 = 0x64_65_76_74_65_61_6d;

/// Held for as long as it lives.
pub(super) enum AgentLock {
    /// The operating system lifts it with the process.
    File(File),
    /// The session's own connection: PostgreSQL lifts the lock with it.
    Session(DatabaseConnection),
}

impl AgentLock {
    /// Waits until no other agent has it.
    pub async fn take(database: &Database) -> Result<Self, SqlError> {
        let mut told = false;
        let lock = Self::open(database).await?;
        loop {
            if lock.try_take().await? {
                return Ok(lock);
            }
            if !told {
                tracing::info!(database = %database.url, "another agent is at work on this database: waiting for its end");
                told = true;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn open(database: &Database) -> Result<Self, SqlError> {
        match &database.url {
            DatabaseUrl::Postgres(_) => Ok(Self::Session(database::pool(&database.url, 1).await?)),
            DatabaseUrl::Sqlite(path) => {
                let mut name = path.clone().into_os_string();
                name.push(".agent-lock");
                let path = PathBuf::from(name);
                let mut options = OpenOptions::new();
                let file = options.write(true).create(true).truncate(false).open(&path);
                file.map(Self::File).map_err(|source| SqlError::Lock {
                    path: path.display().to_string(),
                    source,
                })
            }
        }
    }

    async fn try_take(&self) -> Result<bool, SqlError> {
        match self {
            Self::File(file) => match file.try_lock() {
                Ok(()) => Ok(true),
                Err(TryLockError::WouldBlock) => Ok(false),
                Err(TryLockError::Error(source)) => Err(SqlError::Lock {
                    path: "beside the database".into(),
                    source,
                }),
            },
            Self::Session(session) => Ok(ask(session, "SELECT pg_try_advisory_lock($1)").await?),
        }
    }

    /// Ends when the lock is lost: with the connection that has it.
    pub async fn lost(&self) {
        let held = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted
                    AND pid = pg_backend_pid() AND ((classid::bigint << 32) | objid::bigint) = $1)";
        loop {
            tokio::time::sleep(LOOK_EVERY * 5).await;
            match self {
                Self::File(_) => {}
                Self::Session(session) => {
                    if !ask(session, held).await.unwrap_or(false) {
                        return;
                    }
                }
            }
        }
    }
}

async fn ask(session: &DatabaseConnection, query: &str) -> Result<bool, DbErr> {
    let statement =
        Statement::from_sql_and_values(session.get_database_backend(), query, [KEY.into()]);
    let row = session.query_one_raw(statement).await?;
    row.map_or(Ok(false), |row| row.try_get_by_index(0))
}
