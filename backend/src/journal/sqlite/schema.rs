//! The tables, and the few values that there is one of.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use shared_types::{value::EventId, wire::Epoch};
use uuid::Uuid;

use super::{codec::malformed, proofs};
use crate::journal::{Head, fresh_epoch};

/// The version of the tables and of what is in them.
pub(super) const VERSION: u32 = 1;

const TABLES: &str = "
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE records (
        seq INTEGER PRIMARY KEY,
        id BLOB NOT NULL,
        frame BLOB NOT NULL,
        -- Each topic it is on with the seq of the event before it there and whether it is a barrier.
        topics BLOB NOT NULL,
        private TEXT
    ) STRICT;
    CREATE TABLE record_topics (
        topic BLOB NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (topic, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE probe (filling BLOB NOT NULL) STRICT;
";

const FORMAT: &str = "format_version";
const EPOCH: &str = "epoch";
const ORIGIN: &str = "organization";

/// Makes the tables in an empty database. Of one that is not, the version it is of, where that is another.
pub(super) fn prepare(connection: &mut Connection) -> rusqlite::Result<Option<String>> {
    let transaction = connection.transaction()?;
    let tables: u32 =
        transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        transaction.execute_batch(TABLES)?;
        transaction.execute_batch(proofs::TABLE)?;
        set(&transaction, FORMAT, &VERSION.to_string())?;
        set(&transaction, EPOCH, fresh_epoch().as_str())?;
        transaction.commit()?;
        return Ok(None);
    }
    if let Some(found) = other_version(&transaction)? {
        return Ok(Some(found));
    }
    transaction.execute_batch(proofs::TABLE)?;
    transaction.commit()?;
    Ok(None)
}

/// The version that the tables are of, where that is another.
pub(super) fn other_version(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let known = connection
        .query_row(
            "SELECT 1 FROM sqlite_schema WHERE name = 'meta'",
            [],
            |_| Ok(()),
        )
        .optional()?;
    let found = match known {
        Some(()) => get(connection, FORMAT)?,
        None => None,
    };
    let found = found.unwrap_or_else(|| "unknown".into());
    Ok((found != VERSION.to_string()).then_some(found))
}

/// Where the line ends.
pub(super) fn head(connection: &Connection) -> rusqlite::Result<Head> {
    let last = "SELECT seq, id FROM records ORDER BY seq DESC LIMIT 1";
    let last: Option<(u64, Uuid)> = connection
        .prepare_cached(last)?
        .query_row([], |row| Ok((row.get(0)?, Uuid::from_bytes(row.get(1)?))))
        .optional()?;
    let epoch = get(connection, EPOCH)?
        .unwrap_or_default()
        .parse()
        .map_err(malformed)?;
    Ok(match last {
        Some((seq, id)) => Head {
            epoch,
            seq,
            id: Some(EventId::from(id)),
        },
        None => Head {
            epoch,
            seq: 0,
            id: None,
        },
    })
}

/// Begins another life of the line.
pub(super) fn set_epoch(connection: &Connection, epoch: &Epoch) -> rusqlite::Result<()> {
    set(connection, EPOCH, epoch.as_str())
}

/// What the model was before its first event.
pub(super) fn founded(connection: &Connection) -> rusqlite::Result<Option<Value>> {
    let json = get(connection, ORIGIN)?;
    json.map(|json| serde_json::from_str(&json).map_err(malformed))
        .transpose()
}

/// Sets that.
pub(super) fn found(connection: &Connection, origin: &Value) -> rusqlite::Result<()> {
    set(connection, ORIGIN, &origin.to_string())
}

/// Takes up room, to see whether there is any.
pub(super) fn fill_probe(connection: &Connection, bytes: usize) -> rusqlite::Result<()> {
    connection
        .execute("INSERT INTO probe (filling) VALUES (zeroblob(?))", [bytes])
        .map(drop)
}

/// Gives it back.
pub(super) fn clear_probe(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM probe", []).map(drop)
}

fn get(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?")?;
    statement.query_row([key], |row| row.get(0)).optional()
}

fn set(connection: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    connection
        .execute(
            "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
            params![key, value],
        )
        .map(drop)
}
