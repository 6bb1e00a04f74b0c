//! Every rule of the domain: what a command comes to, given the model.

use serde::{Deserialize, Serialize};

use crate::{
    event::{Actor, Event},
    state::Organization,
    value::{CommentId, ItemId, MemberId, ProjectId, TeamId, Timestamp},
};

/// What a decision may depend on besides the model and the command. Drawn once per command, and kept when the command
/// is decided again.
#[derive(Debug, Clone)]
pub struct Context {
    pub at: Timestamp,
    /// Random; fresh ids are counted up from it.
    pub entropy: u128,
    pub actor: Actor,
    /// The member that acts, if it is one.
    pub member: Option<MemberId>,
    /// The request it came from.
    pub cause: String,
}

/// What a command comes to.
#[derive(Debug, Clone)]
pub struct Decision {
    /// None where nothing changes.
    pub events: Vec<Event>,
    /// The model with the events applied, and where each of them goes.
    pub organization: Organization,
    /// What `apply` said of each event, in the same order.
    pub reaches: Vec<crate::state::Reach>,
    /// The entity it was about.
    pub subject: Subject,
}

/// One entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Subject {
    Organization,
    Project(ProjectId),
    Team(TeamId),
    Member(MemberId),
    Item(ItemId),
    Comment(CommentId),
}
