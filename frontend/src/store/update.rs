//! What the live line tells the store.

use std::sync::Arc;

use litemap::LiteMap;
use shared_types::{
    event::Event,
    topic::Topic,
    value::MemberId,
    wire::{Cursor, PresentMember, Principal, RollupValue, Snapshot},
};

use super::live::Live;

/// One thing to take in.
#[derive(Debug, Clone)]
pub enum Update {
    /// Who the server takes the line for.
    Welcome(Principal),
    /// That may have changed: it is time to ask.
    Who,
    /// The topic that was asked for by this name is this one.
    Resolved { requested: String, topic: Topic },
    /// The topic's view is this from here on, whatever it was.
    Replace {
        topic: Topic,
        cursor: Cursor,
        snapshot: Box<Snapshot>,
    },
    /// An event, new to the views of these topics.
    Event {
        topics: Vec<Topic>,
        event: Arc<Event>,
        /// As the server wrote it.
        message: Box<str>,
    },
    /// The latest of a roll-up.
    Rollup {
        rollup: RollupValue,
        message: Box<str>,
    },
    /// All that happened up to here has been told.
    Position(Cursor),
    /// Who looks at a topic.
    Presence {
        topic: Topic,
        members: Vec<PresentMember>,
        message: Box<str>,
    },
    /// What was asked for by these names is not there, or no longer.
    Gone {
        requested: Vec<String>,
        reason: String,
    },
    /// What was asked for by these names can't be had for now.
    Failed {
        requested: Vec<String>,
        message: String,
    },
    /// How the line is doing.
    Live(Box<Live>),
}

/// From how many places each member looks at something.
pub type Lookers = LiteMap<MemberId, u32>;

/// The members who look at something, without at which page of it.
pub fn looking(members: &[PresentMember]) -> Lookers {
    let mut lookers = Lookers::new();
    for member in members {
        *lookers.entry(member.id).or_default() += member.count();
    }
    lookers
}
