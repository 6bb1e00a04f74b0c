//! An event as it came over the line: read as far as this program knows it, and kept whole.

use serde::Deserialize;
use serde_json::Value;
use shared_types::{
    event::{Actor, Event},
    value::{EventId, Timestamp},
};

/// An event, whatever its type.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub seq: u64,
    pub id: EventId,
    pub at: Timestamp,
    pub kind: String,
    pub actor: Actor,
    pub cause: String,
    /// As it came.
    pub data: Value,
    /// None of a type that this program does not know: it is kept all the same.
    pub event: Option<Event>,
    /// Bytes of the message.
    pub bytes: usize,
}

/// What every event has.
#[derive(Deserialize)]
struct Envelope {
    seq: u64,
    id: EventId,
    at: Timestamp,
    #[serde(rename = "type")]
    kind: String,
    actor: Actor,
    cause: String,
}

impl Incoming {
    /// Reads an event message: `{"type":"event","prev":{…},"event":{…}}`.
    pub fn read(frame: &[u8]) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Message {
            event: Value,
        }
        let Message { event } = serde_json::from_slice(frame)?;
        Self::from_value(event, frame.len())
    }

    /// The same from the event itself.
    pub fn from_value(value: Value, bytes: usize) -> Result<Self, serde_json::Error> {
        let Envelope {
            seq,
            id,
            at,
            kind,
            actor,
            cause,
        } = Envelope::deserialize(&value)?;
        let event = Event::deserialize(&value).ok();
        let data = match value {
            Value::Object(mut fields) => fields.remove("data").unwrap_or_default(),
            _ => Value::Null,
        };
        Ok(Self {
            seq,
            id,
            at,
            kind,
            actor,
            cause,
            data: without_nul(data),
            event,
            bytes,
        })
    }
}

/// PostgreSQL can't hold NUL characters. No text that a person can write has them; what a later version writes may.
pub(super) fn without_nul(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains('\0') => Value::String(text.replace('\0', "\u{fffd}")),
        Value::Array(values) => values.into_iter().map(without_nul).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(key, value)| (key, without_nul(value)))
            .collect(),
        other => other,
    }
}
