//! Logs in an SQLite database of their own, so that what is written many times a second never holds up the journal.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{FutureExt, future::BoxFuture};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use shared_types::{model::LogEntry, value::RunId};

use super::{Appended, LogError, Page, RunLogs};

const DATABASE: &str = "logs.sqlite";

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS logs (
        run BLOB PRIMARY KEY,
        -- The newest claim that wrote to it.
        fence INTEGER NOT NULL,
        last INTEGER NOT NULL,
        -- Counts up, so that the oldest can be told.
        touched INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS entries (
        run BLOB NOT NULL,
        offset INTEGER NOT NULL,
        entry TEXT NOT NULL,
        PRIMARY KEY (run, offset)
    ) STRICT, WITHOUT ROWID;
    -- By which key a log was written to last, and the offset of the first entry then.
    CREATE TABLE IF NOT EXISTS keys (
        run BLOB PRIMARY KEY,
        key TEXT NOT NULL,
        first INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
";

/// The logs of one organization, in its directory.
pub struct SqliteLogs {
    connection: Arc<Mutex<Connection>>,
}

impl SqliteLogs {
    /// Opens them, or makes them.
    pub fn open(directory: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(directory.join(DATABASE))?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        // What a power cut may take is the last moment of a log; the journal has all that counts.
        connection.pragma_update(None, "synchronous", "normal")?;
        connection.execute_batch(TABLES)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    /// Opens what is there to read it, while a server may write. None where no run has ever written.
    pub fn open_beside(directory: &Path) -> Result<Option<Self>, LogError> {
        let path = directory.join(DATABASE);
        if !path.try_exists().map_err(|error| broken(&error))? {
            return Ok(None);
        }
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(Some(Self {
            connection: Arc::new(Mutex::new(connection)),
        }))
    }

    fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Connection) -> Result<T, LogError> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, LogError>> {
        let connection = Arc::clone(&self.connection);
        let blocking = tokio::task::spawn_blocking(move || {
            // A transaction that was not finished is rolled back, so what is behind the lock is whole.
            act(&mut connection.lock().unwrap_or_else(PoisonError::into_inner))
        });
        async move { blocking.await.unwrap_or_else(|error| Err(broken(&error))) }.boxed()
    }
}

impl RunLogs for SqliteLogs {
    fn runs(&self) -> BoxFuture<'_, Result<Vec<(RunId, u64)>, LogError>> {
        self.with(|connection| {
            let mut find = connection.prepare("SELECT run, fence FROM logs ORDER BY touched")?;
            let run = |key| RunId::from(uuid::Uuid::from_bytes(key));
            let rows = find.query_map([], |row| Ok((run(row.get(0)?), row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    fn append_once(
        &self,
        run: RunId,
        fence: u64,
        entries: Vec<LogEntry>,
        key: Option<String>,
    ) -> BoxFuture<'_, Result<Appended, LogError>> {
        self.with(move |connection| append(connection, run, fence, &entries, key.as_deref()))
    }

    fn read(&self, run: RunId, after: u64, limit: usize) -> BoxFuture<'_, Result<Page, LogError>> {
        self.with(move |connection| read(connection, run, after, limit))
    }

    fn prune(&self, keep: usize, live: BTreeSet<RunId>) -> BoxFuture<'_, Result<(), LogError>> {
        self.with(move |connection| prune(connection, keep, &live))
    }
}

fn append(
    connection: &mut Connection,
    run: RunId,
    fence: u64,
    entries: &[LogEntry],
    once: Option<&str>,
) -> Result<Appended, LogError> {
    let transaction = connection.transaction()?;
    let key = run.uuid().into_bytes();
    let known: Option<(u64, u64)> = transaction
        .prepare_cached("SELECT fence, last FROM logs WHERE run = ?")?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (newest, last) = known.unwrap_or((fence, 0));
    if fence < newest {
        return Err(LogError::Stale(newest));
    }
    let repeated: Option<u64> = transaction
        .prepare_cached("SELECT first FROM keys WHERE run = ? AND key = ?")?
        .query_row(params![key, once], |row| row.get(0))
        .optional()?;
    if let Some(first) = repeated {
        return Ok(Appended {
            first,
            is_repeat: true,
        });
    }
    let mut offset = last;
    for entry in entries {
        offset += 1;
        let text = serde_json::to_string(entry).map_err(|error| broken(&error))?;
        transaction
            .prepare_cached("INSERT INTO entries (run, offset, entry) VALUES (?, ?, ?)")?
            .execute(params![key, offset, text])?;
    }
    transaction
        .prepare_cached(
            "INSERT INTO logs (run, fence, last, touched)
             VALUES (?1, ?2, ?3, (SELECT coalesce(max(touched), 0) + 1 FROM logs))
             ON CONFLICT (run) DO UPDATE SET fence = ?2, last = ?3",
        )?
        .execute(params![key, fence, offset])?;
    if once.is_some() {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO keys (run, key, first) VALUES (?, ?, ?)")?
            .execute(params![key, once, last + 1])?;
    }
    transaction.commit()?;
    Ok(Appended {
        first: last + 1,
        is_repeat: false,
    })
}

fn read(connection: &Connection, run: RunId, after: u64, limit: usize) -> Result<Page, LogError> {
    let key = run.uuid().into_bytes();
    let load = || {
        let last: Option<u64> = connection
            .prepare_cached("SELECT last FROM logs WHERE run = ?")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        let mut find = connection.prepare_cached(
            "SELECT entry FROM entries WHERE run = ? AND offset > ? ORDER BY offset LIMIT ?",
        )?;
        let rows = find.query_map(params![key, after, limit], |row| row.get::<_, String>(0))?;
        Ok((
            last.unwrap_or(0),
            rows.collect::<rusqlite::Result<Vec<_>>>()?,
        ))
    };
    let (last, texts) = load().map_err(|error: rusqlite::Error| broken(&error))?;
    let entries = texts.iter().map(|text| serde_json::from_str(text));
    Ok(Page {
        entries: entries
            .collect::<Result<_, _>>()
            .map_err(|error| broken(&error))?,
        last,
    })
}

fn prune(connection: &mut Connection, keep: usize, live: &BTreeSet<RunId>) -> Result<(), LogError> {
    let transaction = connection.transaction().map_err(|error| broken(&error))?;
    let run = || {
        let old: Vec<[u8; 16]> = transaction
            .prepare_cached("SELECT run FROM logs ORDER BY touched DESC LIMIT -1 OFFSET ?")?
            .query_map([keep], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for key in old {
            if !live.contains(&RunId::from(uuid::Uuid::from_bytes(key))) {
                transaction.execute("DELETE FROM entries WHERE run = ?", [key])?;
                transaction.execute("DELETE FROM logs WHERE run = ?", [key])?;
                transaction.execute("DELETE FROM keys WHERE run = ?", [key])?;
            }
        }
        Ok(())
    };
    run().map_err(|error: rusqlite::Error| broken(&error))?;
    transaction.commit().map_err(|error| broken(&error))
}

fn broken(error: &dyn std::fmt::Display) -> LogError {
    LogError::Broken(error.to_string())
}
