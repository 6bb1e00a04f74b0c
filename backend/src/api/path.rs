//! What the paths name. A name that can't be one leads nowhere: 404.

use serde::Deserialize;
use shared_types::{
    topic::{ItemRef, MemberRef, ProjectRef, TeamRef},
    value::{CommentId, RunId},
};
use utoipa::IntoParams;

/// `/projects/{project}`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ProjectPath {
    /// A project by id or slug.
    #[param(value_type = String, example = "website")]
    pub project: ProjectRef,
}

/// `/projects/{project}/teams/{team}`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TeamPath {
    /// A project by id or slug.
    #[param(value_type = String, example = "website")]
    pub project: ProjectRef,
    /// A team of that project by id or slug.
    #[param(value_type = String, example = "frontend")]
    pub team: TeamRef,
}

/// `/projects/{project}/teams/{team}/members/{member}`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TeamMemberPath {
    /// A project by id or slug.
    #[param(value_type = String, example = "website")]
    pub project: ProjectRef,
    /// A team of that project by id or slug.
    #[param(value_type = String, example = "frontend")]
    pub team: TeamRef,
    /// A member by id or slug.
    #[param(value_type = String, example = "ada")]
    pub member: MemberRef,
}

/// `/members/{member}`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MemberPath {
    /// A member by id or slug.
    #[param(value_type = String, example = "ada")]
    pub member: MemberRef,
}

/// `/items/{item}`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ItemPath {
    /// An item by id or key.
    #[param(value_type = String, example = "WEB-12")]
    pub item: ItemRef,
}

/// `/items/{item}/assignees/{member}`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct AssigneePath {
    /// An item by id or key.
    #[param(value_type = String, example = "WEB-12")]
    pub item: ItemRef,
    /// A member by id or slug.
    #[param(value_type = String, example = "ada")]
    pub member: MemberRef,
}

/// `/items/{item}/labels/{label}`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct LabelPath {
    /// An item by id or key.
    #[param(value_type = String, example = "WEB-12")]
    pub item: ItemRef,
    /// One line of 1 to 40 characters.
    #[param(example = "bug")]
    pub label: String,
}

/// `/items/{item}/acceptance/{n}`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CriterionPath {
    /// An item by id or key.
    #[param(value_type = String, example = "WEB-12")]
    pub item: ItemRef,
    /// Which criterion, counted from 0.
    #[param(example = 0)]
    pub n: usize,
}

/// `/items/{item}/comments/{comment}`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CommentPath {
    /// An item by id or key.
    #[param(value_type = String, example = "WEB-12")]
    pub item: ItemRef,
    /// A comment by id.
    pub comment: CommentId,
}

/// `/runs/{run}`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RunPath {
    /// A run by id.
    pub run: RunId,
}

/// `/items/{item}/proposals/{n}`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ProposalPath {
    /// An epic or feature by id or key.
    #[param(value_type = String, example = "WEB-3")]
    pub item: ItemRef,
    /// Which proposal, counted from 0.
    #[param(example = 0)]
    pub n: usize,
}
