//! Records as rows.

use bytes::Bytes;
use rusqlite::{Connection, Row, params, types::Type};
use shared_types::{topic::Topic, value::EventId};
use uuid::Uuid;

use super::proofs;
use crate::journal::Record;

/// A topic as bytes: its kind, and the id where it has one.
const KEY_LENGTH: usize = 17;
/// In a record each topic is followed by the seq before it and the barrier flag.
const ENTRY_LENGTH: usize = KEY_LENGTH + 8 + 1;

/// Writes a record and where it is found.
pub(super) fn insert(connection: &Connection, record: &Record) -> rusqlite::Result<()> {
    let private = record
        .private
        .as_ref()
        .map(serde_json::to_string)
        .transpose()
        .map_err(malformed)?;
    connection
        .prepare_cached(
            "INSERT INTO records (seq, id, frame, topics, private) VALUES (?, ?, ?, ?, ?)",
        )?
        .execute(params![
            record.seq,
            record.id.uuid().as_bytes(),
            &record.frame[..],
            topics_to_bytes(record),
            private
        ])?;
    let mut index =
        connection.prepare_cached("INSERT INTO record_topics (topic, seq) VALUES (?, ?)")?;
    for (topic, _) in &record.prev {
        index.execute(params![key(topic), record.seq])?;
    }
    record
        .proofs
        .iter()
        .try_for_each(|change| proofs::put(connection, change))
}

/// Takes a record away, and from where it is found. Its proofs are not its own any more.
pub(super) fn remove(connection: &Connection, record: &Record) -> rusqlite::Result<()> {
    let mut index =
        connection.prepare_cached("DELETE FROM record_topics WHERE topic = ? AND seq = ?")?;
    for (topic, _) in &record.prev {
        index.execute(params![key(topic), record.seq])?;
    }
    connection
        .prepare_cached("DELETE FROM records WHERE seq = ?")?
        .execute([record.seq])
        .map(drop)
}

/// Up to `limit` records after a position.
pub(super) fn records_after(
    connection: &Connection,
    after: u64,
    limit: usize,
) -> rusqlite::Result<Vec<Record>> {
    let query =
        "SELECT seq, id, frame, topics, private FROM records WHERE seq > ? ORDER BY seq LIMIT ?";
    connection
        .prepare_cached(query)?
        .query_map(params![position(after), limit], record)?
        .collect()
}

/// Up to `limit` records on a topic after a position.
pub(super) fn records_on(
    connection: &Connection,
    topic: Topic,
    after: u64,
    limit: usize,
) -> rusqlite::Result<Vec<Record>> {
    let query = "SELECT seq, id, frame, topics, private FROM record_topics JOIN records USING (seq)
                 WHERE topic = ? AND seq > ? ORDER BY seq LIMIT ?";
    connection
        .prepare_cached(query)?
        .query_map(params![key(&topic), position(after), limit], record)?
        .collect()
}

/// Up to `limit` records before a position, newest first.
pub(super) fn records_before(
    connection: &Connection,
    before: u64,
    limit: usize,
) -> rusqlite::Result<Vec<Record>> {
    let query = "SELECT seq, id, frame, topics, private FROM records WHERE seq < ? ORDER BY seq DESC LIMIT ?";
    connection
        .prepare_cached(query)?
        .query_map(params![position(before), limit], record)?
        .collect()
}

/// Up to `limit` records on a topic before a position, newest first.
pub(super) fn records_on_before(
    connection: &Connection,
    topic: Topic,
    before: u64,
    limit: usize,
) -> rusqlite::Result<Vec<Record>> {
    let query = "SELECT seq, id, frame, topics, private FROM record_topics JOIN records USING (seq)
                 WHERE topic = ? AND seq < ? ORDER BY seq DESC LIMIT ?";
    connection
        .prepare_cached(query)?
        .query_map(params![key(&topic), position(before), limit], record)?
        .collect()
}

/// SQLite's integers are signed; no line is that long.
fn position(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let (prev, barriers) = topics_from_bytes(row.get_ref(3)?.as_blob()?)
        .ok_or_else(|| malformed("topics of a record"))?;
    let private: Option<String> = row.get(4)?;
    Ok(Record {
        seq: row.get(0)?,
        id: EventId::from(Uuid::from_bytes(row.get(1)?)),
        frame: Bytes::from(row.get::<_, Vec<u8>>(2)?),
        prev,
        barriers,
        private: private
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(malformed)?,
        proofs: Vec::new(),
    })
}

fn topics_to_bytes(record: &Record) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(record.prev.len() * ENTRY_LENGTH);
    for (topic, prev) in &record.prev {
        bytes.extend_from_slice(&key(topic));
        bytes.extend_from_slice(&prev.to_be_bytes());
        bytes.push(u8::from(record.barriers.contains(topic)));
    }
    bytes
}

type Topics = (Vec<(Topic, u64)>, Vec<Topic>);

fn topics_from_bytes(bytes: &[u8]) -> Option<Topics> {
    let mut topics = Topics::default();
    for entry in bytes.chunks(ENTRY_LENGTH) {
        let (key, rest) = entry.split_first_chunk::<KEY_LENGTH>()?;
        let (prev, barrier) = rest.split_first_chunk::<8>()?;
        let topic = topic(key)?;
        topics.0.push((topic, u64::from_be_bytes(*prev)));
        if barrier == [1] {
            topics.1.push(topic);
        }
    }
    Some(topics)
}

fn key(topic: &Topic) -> [u8; KEY_LENGTH] {
    let (kind, id) = match topic {
        Topic::Org => (0, Uuid::nil()),
        Topic::Project(id) => (1, id.uuid()),
        Topic::Team(id) => (2, id.uuid()),
        Topic::Member(id) => (3, id.uuid()),
        Topic::Item(id) => (4, id.uuid()),
        Topic::Run(id) => (5, id.uuid()),
        Topic::All => (6, Uuid::nil()),
    };
    let mut key = [kind; KEY_LENGTH];
    key[1..].copy_from_slice(id.as_bytes());
    key
}

fn topic(key: &[u8; KEY_LENGTH]) -> Option<Topic> {
    let (kind, id) = key.split_first()?;
    let id = Uuid::from_slice(id).ok()?;
    Some(match kind {
        0 => Topic::Org,
        1 => Topic::Project(id.into()),
        2 => Topic::Team(id.into()),
        3 => Topic::Member(id.into()),
        4 => Topic::Item(id.into()),
        5 => Topic::Run(id.into()),
        6 => Topic::All,
        _ => return None,
    })
}

/// What is in the database is not what was put there.
pub(super) fn malformed(
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, error.into())
}
