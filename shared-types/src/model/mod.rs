//! The entities, as they go on the wire and as the model holds them.

mod agent;
mod budget;
mod comment;
mod effort;
mod item;
mod log;
mod member;
mod organization;
mod project;
mod rollup;
mod run;
mod run_line;
mod team;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Error, Value};

pub use agent::{AgentLimits, AgentProfile, ToolSwitch, ToolSwitches};
pub use budget::{Alert, Budget, Spent};
pub use comment::Comment;
pub use effort::Effort;
pub use item::{Item, ItemKind, Priority, Status};
pub use log::{LogEntry, Logged};
pub use member::{Member, MemberKind};
pub use organization::OrganizationProfile;
pub use project::Project;
pub use rollup::{Rollup, TaskCounts, Work};
pub use run::{
    Exchange, FailureReason, Link, Proposal, ProposalState, Run, RunBrief, RunKind, RunResult,
    RunState, ToolCall, Usage,
};
pub use run_line::{RunLine, WaitsFor};
pub use team::Team;

use crate::{json::take, value::Timestamp};

/// What every entity has besides its own fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Stamp<Id> {
    /// Who it is, for ever.
    pub id: Id,
    /// 1, 2, …: moves with the entity's own fields only, never with its children, comments or roll-ups.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its own fields last changed.
    pub updated_at: Timestamp,
}

impl<Id> Stamp<Id> {
    /// The stamp of something made `at`.
    pub fn new(id: Id, at: Timestamp) -> Self {
        Self {
            id,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    /// Moves on to the next version.
    pub fn touch(&mut self, at: Timestamp) {
        self.version += 1;
        self.updated_at = at;
    }
}

impl<Id: DeserializeOwned> Stamp<Id> {
    /// Out of the object of its entity.
    pub(crate) fn take_from(object: &mut Value) -> Result<Self, Error> {
        Ok(Self {
            id: take(object, "id")?,
            version: take(object, "version")?,
            created_at: take(object, "created_at")?,
            updated_at: take(object, "updated_at")?,
        })
    }
}

/// What the kinds of entity have in common.
pub trait Entity: Clone + PartialEq {
    /// Its type of id.
    type Id: Copy + Ord + std::hash::Hash + std::fmt::Display;

    /// Its stamp.
    fn stamp(&self) -> &Stamp<Self::Id>;

    /// Its stamp, to move it on.
    fn stamp_mut(&mut self) -> &mut Stamp<Self::Id>;

    /// Its id.
    fn id(&self) -> Self::Id {
        self.stamp().id
    }

    /// Its version.
    fn version(&self) -> u64 {
        self.stamp().version
    }
}

macro_rules! entity {
    ($type:ty, $id:ty) => {
        impl crate::model::Entity for $type {
            type Id = $id;

            fn stamp(&self) -> &crate::model::Stamp<$id> {
                &self.stamp
            }

            fn stamp_mut(&mut self) -> &mut crate::model::Stamp<$id> {
                &mut self.stamp
            }
        }
    };
}
pub(crate) use entity;
