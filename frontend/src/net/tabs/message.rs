//! What tabs tell each other.

use serde::{Deserialize, Serialize};
use shared_types::{
    topic::Topic,
    wire::{Cursor, PresentMember, RollupValue},
};
use uuid::Uuid;

use crate::store::{Live, Update};

/// A message on the channel, which all tabs hear.
#[derive(Serialize, Deserialize)]
pub enum Wire {
    ToLeader {
        from: String,
        message: ToLeader,
    },
    /// From the leader, to one tab or to all.
    ToAll {
        to: Option<String>,
        /// When that leader took over: of two that speak, the later one is heard.
        term: f64,
        message: ToAll,
    },
    /// A write of the same person, in another tab.
    Sent(Uuid),
}

/// What a tab asks of the one with the connection.
#[derive(Serialize, Deserialize)]
pub enum ToLeader {
    /// It is here.
    Hello,
    Follow(String),
    Unfollow(String),
    /// Where its person looks.
    Look(String),
    Retry,
    /// Which transport to use, by the word it is kept as. (The storage may show it to the other tab only later.)
    Choose(String),
    /// Whether there is a leader that answers.
    Ask,
}

/// What a tab hears.
#[derive(Serialize, Deserialize)]
pub enum ToAll {
    Told(Told),
    /// Another tab has the connection now: tell it what you follow.
    NewLeader,
    /// The tab with the connection hears, but its clock stands still: somebody else should have it.
    Asleep,
}

/// What the live line has told. What the server wrote is passed on as it was written, or is left to be fetched: code that
/// writes all that can be on a board would be a twentieth of what the page loads.
#[derive(Serialize, Deserialize)]
pub enum Told {
    Who,
    Resolved {
        requested: String,
        topic: Topic,
    },
    /// The topic begins anew, with its snapshot of this position or of a later one.
    Begin {
        topic: Topic,
        cursor: Cursor,
    },
    /// The message with an event that is new to these topics.
    Event {
        topics: Vec<Topic>,
        message: Box<str>,
    },
    Rollup(RollupValue),
    Position(Cursor),
    Presence {
        topic: Topic,
        members: Vec<PresentMember>,
    },
    Gone {
        requested: Vec<String>,
        reason: String,
    },
    Failed {
        requested: Vec<String>,
        message: String,
    },
    Live(Box<Live>),
}

impl From<&Update> for Told {
    fn from(update: &Update) -> Self {
        match update {
            Update::Welcome(_) | Update::Who => Self::Who,
            Update::Resolved { requested, topic } => Self::Resolved {
                requested: requested.clone(),
                topic: *topic,
            },
            Update::Replace { topic, cursor, .. } => Self::Begin {
                topic: *topic,
                cursor: cursor.clone(),
            },
            Update::Event {
                topics, message, ..
            } => Self::Event {
                topics: topics.clone(),
                message: message.clone(),
            },
            Update::Rollup(rollup) => Self::Rollup(rollup.clone()),
            Update::Position(cursor) => Self::Position(cursor.clone()),
            Update::Presence { topic, members } => Self::Presence {
                topic: *topic,
                members: members.clone(),
            },
            Update::Gone { requested, reason } => Self::Gone {
                requested: requested.clone(),
                reason: reason.clone(),
            },
            Update::Failed { requested, message } => Self::Failed {
                requested: requested.clone(),
                message: message.clone(),
            },
            Update::Live(live) => Self::Live(live.clone()),
        }
    }
}
