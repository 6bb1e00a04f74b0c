//! Events: what has happened. They are kept for ever, so a new field is optional, a meaning never changes, and a new
//! meaning is a new type.

mod read;

use std::sync::Arc;

use serde::Serialize;

use crate::{
    json::{read_fields, words},
    model::{Budget, Comment, Item, Member, OrganizationProfile, Project, Run, Team},
    value::{EventId, RunId, Timestamp},
};

/// One event: one change of one entity.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Event {
    pub id: EventId,
    /// Its place in the organization's one contiguous line, from 1.
    pub seq: u64,
    pub at: Timestamp,
    pub actor: Actor,
    /// The request it came from: `X-Request-Id` as sent, else made.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub cause: Arc<str>,
    /// `type` and `data`.
    #[serde(flatten)]
    pub body: EventBody,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Actor {
    pub kind: ActorKind,
    /// A member's id for `member` and `agent`, a token's for `token`, a name for `system`.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub id: Arc<str>,
    /// The run in which an agent did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
}

read_fields!(Actor { kind, id, run });

/// What kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    Member,
    Agent,
    Token,
    System,
}

words!(ActorKind { Member = "member", Agent = "agent", Token = "token", System = "system" });

/// What happened: `type` is `<entity>.<created|updated|deleted|restored>`, `data` the entity as it is now. Of an
/// item, `description` and `acceptance` are there only when they changed. `changed` names the fields, in the order of the
/// entity.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", content = "data")]
pub enum EventBody {
    #[serde(rename = "organization.updated")]
    OrganizationUpdated {
        organization: OrganizationProfile,
        changed: Vec<String>,
    },
    #[serde(rename = "project.created")]
    ProjectCreated { project: Project },
    #[serde(rename = "project.updated")]
    ProjectUpdated {
        project: Project,
        changed: Vec<String>,
    },
    #[serde(rename = "project.deleted")]
    ProjectDeleted { project: Project },
    #[serde(rename = "project.restored")]
    ProjectRestored { project: Project },
    #[serde(rename = "team.created")]
    TeamCreated { team: Team },
    #[serde(rename = "team.updated")]
    TeamUpdated { team: Team, changed: Vec<String> },
    #[serde(rename = "team.deleted")]
    TeamDeleted { team: Team },
    #[serde(rename = "team.restored")]
    TeamRestored { team: Team },
    #[serde(rename = "member.created")]
    MemberCreated { member: Member },
    #[serde(rename = "member.updated")]
    MemberUpdated {
        member: Member,
        changed: Vec<String>,
    },
    #[serde(rename = "member.deleted")]
    MemberDeleted { member: Member },
    #[serde(rename = "member.restored")]
    MemberRestored { member: Member },
    #[serde(rename = "item.created")]
    ItemCreated { item: Item },
    #[serde(rename = "item.updated")]
    ItemUpdated { item: Item, changed: Vec<String> },
    #[serde(rename = "item.deleted")]
    ItemDeleted { item: Item },
    #[serde(rename = "item.restored")]
    ItemRestored { item: Item },
    /// `comments`: how many the item has now.
    #[serde(rename = "comment.created")]
    CommentCreated { comment: Comment, comments: u32 },
    #[serde(rename = "comment.updated")]
    CommentUpdated {
        comment: Comment,
        changed: Vec<String>,
    },
    #[serde(rename = "comment.deleted")]
    CommentDeleted { comment: Comment, comments: u32 },
    #[serde(rename = "comment.restored")]
    CommentRestored { comment: Comment, comments: u32 },
    #[serde(rename = "run.created")]
    RunCreated { run: Box<Run> },
    #[serde(rename = "run.updated")]
    RunUpdated { run: Box<Run>, changed: Vec<String> },
    /// With `alert` in `changed`: how far it is used up has changed.
    #[serde(rename = "budget.updated")]
    BudgetUpdated {
        budget: Budget,
        changed: Vec<String>,
    },
}

impl EventBody {
    /// The type, as on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            EventBody::OrganizationUpdated { .. } => "organization.updated",
            EventBody::ProjectCreated { .. } => "project.created",
            EventBody::ProjectUpdated { .. } => "project.updated",
            EventBody::ProjectDeleted { .. } => "project.deleted",
            EventBody::ProjectRestored { .. } => "project.restored",
            EventBody::TeamCreated { .. } => "team.created",
            EventBody::TeamUpdated { .. } => "team.updated",
            EventBody::TeamDeleted { .. } => "team.deleted",
            EventBody::TeamRestored { .. } => "team.restored",
            EventBody::MemberCreated { .. } => "member.created",
            EventBody::MemberUpdated { .. } => "member.updated",
            EventBody::MemberDeleted { .. } => "member.deleted",
            EventBody::MemberRestored { .. } => "member.restored",
            EventBody::ItemCreated { .. } => "item.created",
            EventBody::ItemUpdated { .. } => "item.updated",
            EventBody::ItemDeleted { .. } => "item.deleted",
            EventBody::ItemRestored { .. } => "item.restored",
            EventBody::CommentCreated { .. } => "comment.created",
            EventBody::CommentUpdated { .. } => "comment.updated",
            EventBody::CommentDeleted { .. } => "comment.deleted",
            EventBody::CommentRestored { .. } => "comment.restored",
            EventBody::RunCreated { .. } => "run.created",
            EventBody::RunUpdated { .. } => "run.updated",
            EventBody::BudgetUpdated { .. } => "budget.updated",
        }
    }
}
