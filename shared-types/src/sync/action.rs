use std::sync::Arc;

use crate::{
    error::ErrorCode,
    event::Event,
    topic::Topic,
    wire::{ClientMessage, Cursor, PresentMember, RollupValue, Snapshot},
};

/// The ways to be told of events, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// `/api/v1/ws`.
    WebSocket,
    /// `/api/v1/sse`.
    Sse,
    /// `/api/v1/events`.
    Polling,
}

impl Transport {
    /// All of them, the best first.
    pub const ALL: [Transport; 3] = [Transport::WebSocket, Transport::Sse, Transport::Polling];
}

/// What the driver has to do, in the order in which they come.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Send this on the WebSocket, at the rate that a [`super::Pace`] allows.
    Send(ClientMessage),
    /// On SSE and polling: what is followed, or from where, has changed; make the request again with the query of now.
    Reopen,
    /// `GET` this after `delay_ms`, then call [`super::SyncClient::fetched`] or
    /// [`super::SyncClient::fetch_failed`].
    Fetch {
        /// The topic whose snapshot it is.
        topic: Topic,
        /// A path on the same server.
        href: String,
        /// 0 the first time.
        delay_ms: u64,
    },
    /// The topic that was asked for by this name is this one.
    Resolved {
        /// The name given to [`super::SyncClient::subscribe`].
        requested: String,
        /// Its canonical name.
        topic: Topic,
    },
    /// The topic's view is this from here on, whatever it was.
    Replace {
        topic: Topic,
        /// Where the view is true.
        cursor: Cursor,
        snapshot: Box<Snapshot>,
    },
    /// Apply this event to the views of these topics. None of them has had it, and none misses one before it.
    Apply {
        topics: Vec<Topic>,
        event: Arc<Event>,
        /// The message that has brought it, as the server wrote it: for whoever passes it on, see [`super::read`].
        message: Box<str>,
    },
    /// A roll-up shown by this topic; it replaces one with a lower seq.
    Rollup {
        topic: Topic,
        rollup: RollupValue,
        /// As above.
        message: Box<str>,
    },
    /// Who looks at what this topic shows.
    Presence {
        topic: Topic,
        members: Vec<PresentMember>,
        /// As above.
        message: Box<str>,
    },
    /// The server has ended it: deleted, or not for this client any more. It is followed no longer.
    Ended {
        /// The names it was asked for by.
        requested: Vec<String>,
        topic: Topic,
        reason: String,
    },
    /// A subscription was refused. Unless `retryable` it is followed no longer; else it is asked for again when the
    /// connection is opened again, when the caller subscribes again, or by [`super::SyncClient::retry`], which is to be
    /// called some seconds later.
    Failed {
        requested: Vec<String>,
        code: ErrorCode,
        message: String,
        retryable: bool,
    },
    /// A topic that is shown can't go on for now: what is shown of it stays, and goes on from there once it is asked for
    /// again, as after a [`Action::Failed`] that is `retryable`.
    AskLater,
    /// The answer to the ping with this id.
    Pong { id: u64 },
}

/// How a connection, or an attempt at one, came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// A WebSocket was closed with this code.
    Code(u16),
    /// A request was answered with this HTTP status instead of a stream or an answer.
    Status(u16),
    /// The network failed, nothing came in time, or the driver closed it in order to open it again.
    Lost,
}

/// What to do after a connection has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reconnect {
    /// Open one again after so many milliseconds.
    After(u64),
    /// Not again by itself: the server refuses this client, for the reason given.
    Final(String),
}
