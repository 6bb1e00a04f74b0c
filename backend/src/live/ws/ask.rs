use serde::Deserialize;
use serde_json::Value;
use shared_types::{
    error::{ErrorCode, Rejection},
    topic::TopicRef,
    value::Invalid,
    wire::{ClientMessage, Cursor},
};

use crate::live::{
    message::{Asked, Message},
    reader::{NO_TOPIC, Request},
};

/// Characters of the longest path that a client can look at.
const MAX_PATH: usize = 512;

/// A client's message, understood.
pub enum Understood {
    /// For the reader.
    Request(Request),
    /// Where the client looks.
    Look(String),
    /// Who the client says it is.
    Authenticate(String),
}

/// Understands a message, or says what is wrong with it.
pub fn understand(text: &[u8]) -> Result<Understood, Message> {
    let bad = |id: Option<Value>, why: String| {
        Message::refusal(id, None, Rejection::new(ErrorCode::BadMessage, why))
    };
    let value: Value = serde_json::from_slice(text)
        .map_err(|error| bad(None, format!("This is no JSON text: {error}.")))?;
    let id = value
        .get("id")
        .filter(|id| id.is_string() || id.is_number())
        .cloned();
    let Some(kind) = value.get("type").and_then(Value::as_str).map(str::to_owned) else {
        return Err(bad(id, "A message is an object with a `type`.".into()));
    };
    if !matches!(
        &*kind,
        "authenticate" | "subscribe" | "unsubscribe" | "look" | "ping"
    ) {
        let why = "The type is none of authenticate, subscribe, unsubscribe, look, ping.";
        return Err(Message::error(id, ErrorCode::UnknownMessage, why));
    }
    let message = ClientMessage::deserialize(value)
        .map_err(|error| bad(id.clone(), format!("{kind}: {error}.")))?;
    let id_of = |id: Value| match id {
        Value::String(_) | Value::Number(_) => Ok(id),
        _ => Err(bad(
            None,
            format!("{kind}: `id` must be a string or a number."),
        )),
    };
    let request = match message {
        ClientMessage::Authenticate { token } => return Ok(Understood::Authenticate(token)),
        ClientMessage::Look { path } if path.chars().count() > MAX_PATH => {
            return Err(bad(
                id,
                format!("look: `path` has more than {MAX_PATH} characters."),
            ));
        }
        ClientMessage::Look { path } => return Ok(Understood::Look(path)),
        ClientMessage::Ping { id } => Request::Ping { id: id_of(id)? },
        ClientMessage::Unsubscribe { id, topic } => Request::Unsubscribe {
            id: id_of(id)?,
            name: topic,
        },
        ClientMessage::Subscribe {
            id,
            topic,
            after,
            log_after,
        } => subscribe(id_of(id)?, topic, after, log_after)?,
    };
    Ok(Understood::Request(request))
}

fn subscribe(
    id: Value,
    topic: String,
    after: Option<String>,
    log_after: Option<u64>,
) -> Result<Request, Message> {
    let after: Option<Cursor> =
        after
            .map(|after| after.parse())
            .transpose()
            .map_err(|invalid: Invalid| {
                let why = format!("subscribe: `after` {}.", invalid.0);
                Message::error(Some(id.clone()), ErrorCode::InvalidCursor, &why)
            })?;
    let name: TopicRef = topic.parse().map_err(|invalid: Invalid| {
        let why = format!("{NO_TOPIC} `topic` {}.", invalid.0);
        Message::error(Some(id.clone()), ErrorCode::NotFound, &why)
    })?;
    if log_after.is_some() && !matches!(name, TopicRef::Run(_)) {
        let why = "subscribe: `log_after` is for runs: leave it out.";
        return Err(Message::error(Some(id), ErrorCode::BadMessage, why));
    }
    Ok(Request::Subscribe {
        asked: Asked {
            id: Some(id),
            requested: topic,
            log_after,
        },
        name,
        after,
    })
}
