//! What tabs tell each other.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::Update;

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
    Update(Box<Update>),
    /// Another tab has the connection now: tell it what you follow.
    NewLeader,
    /// The tab with the connection hears, but its clock stands still: somebody else should have it.
    Asleep,
}
