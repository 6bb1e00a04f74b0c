//! What a request body may say: what creates an entity, and what changes one (a JSON merge patch: an absent field is
//! kept, null clears what need not be there). An unknown field is refused, so that a typing error never passes for a change.

use serde::{Deserialize, Serialize};

use super::{
    Patch, ProfilePatch,
    patch::{or_cleared, or_default},
};
use crate::{
    model::{AgentProfile, ItemKind, MemberKind, Priority, Status},
    topic::{ItemRef, MemberRef, ProjectRef, TeamRef},
    value::{
        Body, CommentId, Criterion, Date, Estimate, ItemId, Label, MemberId, Name, ProjectId,
        ProjectKey, Slug, TeamId, Title,
    },
};

/// Changes of the organization.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OrganizationPatch {
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Name))]
    pub name: Patch<Name>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Slug))]
    pub slug: Patch<Slug>,
}

/// A project to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    /// Its id, where the client wants to know it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ProjectId>,
    pub name: Name,
    /// Made from the name when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// Made from the name when not given; fixed from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<ProjectKey>,
    /// Markdown.
    #[serde(default, deserialize_with = "or_default")]
    pub description: Body,
}

/// Changes of a project.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProjectPatch {
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Name))]
    pub name: Patch<Name>,
    /// The old slug keeps leading here.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Slug))]
    pub slug: Patch<Slug>,
    /// Markdown.
    #[serde(
        default,
        skip_serializing_if = "Patch::is_keep",
        deserialize_with = "or_cleared"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Body))]
    pub description: Patch<Body>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = bool))]
    pub archived: Patch<bool>,
}

/// How to restore what was deleted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RestoreAs {
    /// A new slug, where its own was taken meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
}

/// A team to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// Its id, where the client wants to know it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<TeamId>,
    pub name: Name,
    /// Made from the name when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// What it is for, in Markdown.
    #[serde(default, deserialize_with = "or_default")]
    pub mission: Body,
}

/// Changes of a team.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TeamPatch {
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Name))]
    pub name: Patch<Name>,
    /// The old slug keeps leading here.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Slug))]
    pub slug: Patch<Slug>,
    /// Markdown.
    #[serde(
        default,
        skip_serializing_if = "Patch::is_keep",
        deserialize_with = "or_cleared"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Body))]
    pub mission: Patch<Body>,
}

/// A member to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// Its id, where the client wants to know it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MemberId>,
    pub name: Name,
    /// Made from the name when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// What they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Name>,
    /// A person or an AI agent; fixed from then on.
    pub kind: MemberKind,
    /// For an agent only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentProfile>,
}

/// Changes of a member.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MemberPatch {
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Name))]
    pub name: Patch<Name>,
    /// The old slug keeps leading here.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Slug))]
    pub slug: Patch<Slug>,
    /// Null clears it.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Name>))]
    pub title: Patch<Option<Name>>,
    /// For an agent only.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = ProfilePatch))]
    pub agent: Patch<ProfilePatch>,
}

/// An item to make. Without a project it is the organization's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    /// Its id, where the client wants to know it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ItemId>,
    pub kind: ItemKind,
    pub title: Title,
    /// By id or slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub project: Option<ProjectRef>,
    /// A team of that project, by id or slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub team: Option<TeamRef>,
    /// A feature's epic, a task's feature, by id or key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub parent: Option<ItemRef>,
    /// Markdown.
    #[serde(default, deserialize_with = "or_default")]
    pub description: Body,
    /// `backlog` for a task, `open` for an epic or feature, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    #[serde(default, deserialize_with = "or_default")]
    pub priority: Priority,
    /// By id or slug.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "or_default"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
    pub assignees: Vec<MemberRef>,
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "or_default"
    )]
    pub labels: Vec<Label>,
    /// Points, at most two decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// By id or key.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "or_default"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
    pub depends_on: Vec<ItemRef>,
    /// What must be true for it to be accepted.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "or_default"
    )]
    pub acceptance: Vec<Criterion>,
}

/// Changes of an item. To patch a list, name the version that was read in `If-Match`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ItemPatch {
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Title))]
    pub title: Patch<Title>,
    /// Moves it with all that is under it; null: to the organization's own backlog.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub project: Patch<Option<ProjectRef>>,
    /// A team of its project; null: of none.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub team: Patch<Option<TeamRef>>,
    /// A feature's epic, a task's feature; null: of none.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub parent: Patch<Option<ItemRef>>,
    /// Markdown.
    #[serde(
        default,
        skip_serializing_if = "Patch::is_keep",
        deserialize_with = "or_cleared"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Body))]
    pub description: Patch<Body>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Status))]
    pub status: Patch<Status>,
    #[serde(
        default,
        skip_serializing_if = "Patch::is_keep",
        deserialize_with = "or_cleared"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Priority))]
    pub priority: Patch<Priority>,
    /// By id or slug.
    #[serde(
        default,
        skip_serializing_if = "Patch::is_keep",
        deserialize_with = "or_cleared"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
    pub assignees: Patch<Vec<MemberRef>>,
    #[serde(
        default,
        skip_serializing_if = "Patch::is_keep",
        deserialize_with = "or_cleared"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Label>))]
    pub labels: Patch<Vec<Label>>,
    /// Points, at most two decimals; null clears.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Estimate>))]
    pub estimate: Patch<Option<Estimate>>,
    /// Null clears.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Date>))]
    pub due: Patch<Option<Date>>,
    /// By id or key.
    #[serde(
        default,
        skip_serializing_if = "Patch::is_keep",
        deserialize_with = "or_cleared"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
    pub depends_on: Patch<Vec<ItemRef>>,
    #[serde(
        default,
        skip_serializing_if = "Patch::is_keep",
        deserialize_with = "or_cleared"
    )]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Criterion>))]
    pub acceptance: Patch<Vec<Criterion>>,
}

/// Where an item goes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MoveItem {
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Status))]
    pub status: Patch<Status>,
    /// Null: to the organization's own backlog.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub project: Patch<Option<ProjectRef>>,
    /// Null: of no team.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub team: Patch<Option<TeamRef>>,
    /// Null: under nothing.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub parent: Patch<Option<ItemRef>>,
    /// Ranks it right before this item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub before: Option<ItemRef>,
    /// Ranks it right after this item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub after: Option<ItemRef>,
}

/// A comment to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// Its id, where the client wants to know it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<CommentId>,
    /// Markdown, not empty.
    #[serde(default)]
    pub body: Body,
}

/// Changes of a comment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommentPatch {
    /// Markdown, not empty.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Body))]
    pub body: Patch<Body>,
}
