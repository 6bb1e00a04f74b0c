//! Records as entries of a stream.

use std::collections::HashMap;

use bytes::Bytes;
use shared_types::topic::Topic;

use super::error::Failure;
use crate::journal::Record;

/// An entry as Redis answers it: its id, and its fields by name.
pub(super) type Entry = (String, HashMap<String, Bytes>);

/// A topic, the seq before it there, and whether it is a barrier.
type OnTopic = (Topic, u64, bool);

/// The field with a record's topics.
pub(super) fn topics(record: &Record) -> Result<String, serde_json::Error> {
    let topics = record
        .prev
        .iter()
        .map(|(topic, prev)| (*topic, *prev, record.barriers.contains(topic)));
    serde_json::to_string(&topics.collect::<Vec<OnTopic>>())
}

/// The field with what never leaves the server.
pub(super) fn private(record: &Record) -> Result<String, serde_json::Error> {
    record
        .private
        .as_ref()
        .map_or_else(|| Ok(String::new()), serde_json::to_string)
}

/// The records in these entries.
pub(super) fn records(entries: Vec<Entry>) -> Result<Vec<Record>, Failure> {
    let record = |(id, mut fields): Entry| {
        let malformed =
            |what: &str| Failure::Nonsense(format!("entry {id} has no readable {what}"));
        let mut field = |name: &str| fields.remove(name).ok_or_else(|| malformed(name));
        let text =
            |bytes: Bytes, what: &str| String::from_utf8(bytes.into()).map_err(|_| malformed(what));
        let topics: Vec<OnTopic> =
            serde_json::from_slice(&field("topics")?).map_err(|_| malformed("topics"))?;
        let private = field("private")?;
        Ok(Record {
            seq: id
                .split('-')
                .next()
                .and_then(|seq| seq.parse().ok())
                .ok_or_else(|| malformed("position"))?,
            id: text(field("id")?, "id")?
                .parse()
                .map_err(|_| malformed("id"))?,
            frame: field("event")?,
            barriers: topics
                .iter()
                .filter(|(_, _, barrier)| *barrier)
                .map(|(topic, ..)| *topic)
                .collect(),
            prev: topics
                .into_iter()
                .map(|(topic, prev, _)| (topic, prev))
                .collect(),
            private: match &private[..] {
                [] => None,
                json => Some(serde_json::from_slice(json).map_err(|_| malformed("private"))?),
            },
            proofs: Vec::new(),
        })
    };
    entries.into_iter().map(record).collect()
}
