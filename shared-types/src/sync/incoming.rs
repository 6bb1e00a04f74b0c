//! Reads a message leniently: one of a later protocol must not stop a client, nor leave it with a gap.

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::{
    event::Event,
    topic::Topic,
    wire::{Cursor, EventMessage, ServerMessage},
};

/// A message as far as this client understands it.
#[derive(Debug)]
pub(super) enum Incoming {
    Message(ServerMessage),
    /// An event of a type that is not known here. It takes its place in the line all the same.
    UnknownEvent {
        prev: BTreeMap<Topic, u64>,
        seq: u64,
    },
    /// The end of a subscription, for a reason that is not known here.
    Resync(Topic),
}

/// What polling answers, with the messages still to be read one by one.
#[derive(Deserialize)]
pub(super) struct RawAnswer {
    pub cursor: Cursor,
    pub messages: Vec<Box<RawValue>>,
}

/// Reads one message; the error is for the details behind the live pill.
pub(super) fn read(text: &str) -> Result<Incoming, String> {
    match serde_json::from_str(text) {
        Ok(message) => Ok(Incoming::Message(message)),
        Err(error) => {
            read_loosely(text).ok_or_else(|| format!("a message could not be read: {error}"))
        }
    }
}

fn read_loosely(text: &str) -> Option<Incoming> {
    let message: Value = serde_json::from_str(text).ok()?;
    match message.get("type")?.as_str()? {
        "event" => {
            let known =
                |(topic, seq): (&String, &Value)| Some((topic.parse().ok()?, seq.as_u64()?));
            let prev = message
                .get("prev")?
                .as_object()?
                .iter()
                .filter_map(known)
                .collect();
            let event = message.get("event")?;
            let seq = event.get("seq")?.as_u64()?;
            Some(match Event::deserialize(event) {
                Ok(event) => Incoming::Message(ServerMessage::Event(EventMessage {
                    prev,
                    event: Arc::new(event),
                })),
                Err(_) => Incoming::UnknownEvent { prev, seq },
            })
        }
        "resync" => Some(Incoming::Resync(
            message.get("topic")?.as_str()?.parse().ok()?,
        )),
        _ => None,
    }
}
