//! Reading the server's messages from the wire.

use serde::de::Error as _;
use serde_json::{Error, Value};

use super::{EventMessage, Mode, RollupValue, ServerMessage, SnapshotAnswer, Subscribed};
use crate::json::{read_from_value, take};

read_from_value!(ServerMessage, message);
read_from_value!(Subscribed, subscribed);
read_from_value!(EventMessage, event_message);
read_from_value!(RollupValue, rollup);
read_from_value!(SnapshotAnswer, snapshot_answer);

fn message(mut value: Value) -> Result<ServerMessage, Error> {
    let kind: String = take(&mut value, "type")?;
    let message = &mut value;
    Ok(match kind.as_str() {
        "welcome" => ServerMessage::Welcome {
            protocol: take(message, "protocol")?,
            connection: take(message, "connection")?,
            cursor: take(message, "cursor")?,
            heartbeat_seconds: take(message, "heartbeat_seconds")?,
            limits: take(message, "limits")?,
            principal: take(message, "principal")?,
        },
        "subscribed" => ServerMessage::Subscribed(subscribed(value)?),
        "event" => ServerMessage::Event(event_message(value)?),
        "rollup" => ServerMessage::Rollup {
            topic: take(message, "topic")?,
            rollup: rollup(value)?,
        },
        "heartbeat" => ServerMessage::Heartbeat {
            cursor: take(message, "cursor")?,
        },
        "resync" => ServerMessage::Resync {
            topic: take(message, "topic")?,
            reason: take(message, "reason")?,
        },
        "unsubscribed" => ServerMessage::Unsubscribed {
            id: take(message, "id")?,
            topic: take(message, "topic")?,
            reason: take(message, "reason")?,
        },
        "presence" => ServerMessage::Presence {
            topic: take(message, "topic")?,
            members: take(message, "members")?,
        },
        "log" => ServerMessage::Log {
            topic: take(message, "topic")?,
            offset: take(message, "offset")?,
            entries: take(message, "entries")?,
        },
        "pong" => ServerMessage::Pong {
            id: take(message, "id")?,
            cursor: take(message, "cursor")?,
        },
        // What is `error` elsewhere: an event stream has its own meaning for that word.
        "error" | "problem" => ServerMessage::Error {
            id: take(message, "id")?,
            topic: take(message, "topic")?,
            code: take(message, "code")?,
            message: take(message, "message")?,
            retryable: take(message, "retryable")?,
        },
        "closing" => ServerMessage::Closing {
            reason: take(message, "reason")?,
            retry_after_ms: take(message, "retry_after_ms")?,
        },
        _ => ServerMessage::Unknown,
    })
}

fn subscribed(mut value: Value) -> Result<Subscribed, Error> {
    let message = &mut value;
    let mode: String = take(message, "mode")?;
    let mode = match mode.as_str() {
        "snapshot" => Mode::Snapshot {
            snapshot: take(message, "snapshot")?,
            href: take(message, "href")?,
        },
        "resumed" => Mode::Resumed {
            replaying: take(message, "replaying")?,
        },
        other => return Err(Error::custom(format_args!("mode: {other} is no mode"))),
    };
    Ok(Subscribed {
        id: take(message, "id")?,
        topic: take(message, "topic")?,
        requested: take(message, "requested")?,
        cursor: take(message, "cursor")?,
        mode,
    })
}

fn event_message(mut value: Value) -> Result<EventMessage, Error> {
    Ok(EventMessage {
        prev: take(&mut value, "prev")?,
        event: take(&mut value, "event")?,
    })
}

fn rollup(mut value: Value) -> Result<RollupValue, Error> {
    Ok(RollupValue {
        key: take(&mut value, "key")?,
        seq: take(&mut value, "seq")?,
        value: take(&mut value, "value")?,
    })
}

fn snapshot_answer(mut value: Value) -> Result<SnapshotAnswer, Error> {
    Ok(SnapshotAnswer {
        topic: take(&mut value, "topic")?,
        cursor: take(&mut value, "cursor")?,
        snapshot: take(&mut value, "snapshot")?,
    })
}
