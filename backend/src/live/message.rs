use bytes::{Bytes, BytesMut};
use serde::Serialize;
use serde_json::Value;
use shared_types::{
    error::{ErrorCode, Rejection},
    topic::Topic,
    wire::{Cursor, Mode, ServerMessage, Subscribed},
};

use super::{
    frame::{MAX_HEADER, put_header},
    snapshot::Encoded,
};

/// Bytes of the largest snapshot that comes inside a message.
const INLINE_BYTES: usize = 1 << 20;

/// A message for one connection, of which a large part may be shared with others.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its type, as SSE names it.
    pub kind: &'static str,
    /// It answers what nobody says who speaks the protocol.
    pub is_mistake: bool,
    head: Bytes,
    /// What stands between `head` and the last brace.
    shared: Option<Bytes>,
    /// What SSE gives as its id: every topic of the stream has been told of everything up to here.
    pub at: Option<u64>,
    /// Where a topic was resumed, if that is what it tells. An answer to polling does without.
    pub resumed_at: Option<u64>,
}

impl Message {
    /// A message that is this connection's alone.
    pub fn new(message: &ServerMessage) -> Self {
        Self {
            kind: kind(message),
            is_mistake: is_mistake(message),
            head: json(message).into(),
            shared: None,
            at: None,
            resumed_at: None,
        }
    }

    /// What was asked for can't be had.
    pub fn refusal(id: Option<Value>, topic: Option<String>, rejection: Rejection) -> Self {
        let (code, message) = (rejection.code, rejection.detail);
        Self::new(&ServerMessage::Error {
            id,
            topic,
            code,
            message,
            retryable: code.is_retryable(),
        })
    }

    /// A refusal for a reason that needs no more than a sentence.
    pub fn error(id: Option<Value>, code: ErrorCode, message: &str) -> Self {
        Self::refusal(id, None, Rejection::new(code, message))
    }

    /// A topic is followed, without a snapshot in the message.
    pub fn subscribed(asked: &Asked, topic: Topic, cursor: Cursor, mode: Mode) -> Self {
        let (id, requested) = (asked.id.clone(), asked.requested.clone());
        let resumed_at = matches!(mode, Mode::Resumed { .. }).then_some(cursor.seq);
        let message = ServerMessage::Subscribed(Subscribed {
            id,
            topic,
            requested,
            cursor,
            mode,
        });
        Self {
            resumed_at,
            ..Self::new(&message)
        }
    }

    /// A topic is followed from this snapshot on, which is in the message unless it is too large for one.
    pub fn with_snapshot(asked: &Asked, encoded: &Encoded) -> Self {
        let is_large = encoded.json.len() > INLINE_BYTES;
        let mut message = Self::beside(asked, encoded.topic, encoded.cursor.clone(), is_large);
        if is_large {
            return message;
        }
        let mut head = BytesMut::from(message.head.slice(..message.head.len() - 1));
        head.extend_from_slice(b",\"snapshot\":");
        message.head = head.freeze();
        message.shared = Some(encoded.json.clone());
        message
    }

    /// `all` is followed from here on. Unless that is live, where nothing is missed, its snapshot is to be fetched first.
    pub fn all_from(asked: &Asked, cursor: Cursor, is_live: bool) -> Self {
        Self::beside(asked, Topic::All, cursor, !is_live)
    }

    /// A topic is followed; whether its snapshot is at an address of its own.
    fn beside(asked: &Asked, topic: Topic, cursor: Cursor, has_address: bool) -> Self {
        let mode = Mode::Snapshot {
            snapshot: None,
            href: has_address.then(|| format!("/api/v1/snapshot?topic={topic}")),
        };
        Self::subscribed(asked, topic, cursor, mode)
    }

    /// The same message with an id for SSE.
    pub fn at(self, seq: Option<u64>) -> Self {
        Self { at: seq, ..self }
    }

    /// Bytes of its JSON.
    pub fn len(&self) -> usize {
        self.head.len() + self.shared.as_ref().map_or(0, |shared| shared.len() + 1)
    }

    /// Its JSON, in the parts it is made of.
    pub fn parts(self) -> impl Iterator<Item = Bytes> {
        let tail = self.shared.is_some().then_some(Bytes::from_static(b"}"));
        [Some(self.head), self.shared, tail].into_iter().flatten()
    }

    /// Its parts as a WebSocket text frame.
    pub fn websocket(mut self) -> impl Iterator<Item = Bytes> {
        let mut head = BytesMut::with_capacity(MAX_HEADER + self.head.len());
        put_header(&mut head, self.len());
        head.extend_from_slice(&self.head);
        self.head = head.freeze();
        self.parts()
    }
}

/// A subscription as the client asked for it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Only on a WebSocket.
    pub id: Option<Value>,
    /// The topic by the name that the client used.
    pub requested: String,
    /// The log of the run is wanted too, after this offset.
    pub log_after: Option<u64>,
}

fn json(message: &impl Serialize) -> Vec<u8> {
    // Wire messages have string keys and no other way to fail.
    serde_json::to_vec(message).unwrap_or_default()
}

/// Whether it refuses what can't be right. That something is gone, out of reach or full a client learns by asking, and whoever
/// follows much asks for much of it in a row when coming back.
fn is_mistake(message: &ServerMessage) -> bool {
    let ServerMessage::Error { code, .. } = message else {
        return false;
    };
    let is_learnt = matches!(
        code,
        ErrorCode::NotFound | ErrorCode::Forbidden | ErrorCode::LimitReached
    );
    !is_learnt && !code.is_retryable()
}

/// A message's type, as SSE names it.
pub fn kind(message: &ServerMessage) -> &'static str {
    match message {
        ServerMessage::Welcome { .. } => "welcome",
        ServerMessage::Subscribed(_) => "subscribed",
        ServerMessage::Event(_) => "event",
        ServerMessage::Rollup { .. } => "rollup",
        ServerMessage::Heartbeat { .. } => "heartbeat",
        ServerMessage::Resync { .. } => "resync",
        ServerMessage::Unsubscribed { .. } => "unsubscribed",
        ServerMessage::Presence { .. } => "presence",
        ServerMessage::Log { .. } => "log",
        ServerMessage::Pong { .. } => "pong",
        // `error` is what EventSource calls its own failures.
        ServerMessage::Error { .. } => "problem",
        ServerMessage::Closing { .. } => "closing",
        ServerMessage::Unknown => "unknown",
    }
}
