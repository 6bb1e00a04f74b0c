use serde::Serialize;

use super::{Stamp, entity};
use crate::json::read_fields;
use crate::value::{Body, MemberId, Name, ProjectId, Slug, TeamId};

/// A team of a project: members of the organization, with a backlog of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Team {
    #[serde(flatten)]
    pub stamp: Stamp<TeamId>,
    pub project: ProjectId,
    /// Unique in its project.
    pub slug: Slug,
    pub name: Name,
    /// What it is for, in Markdown.
    pub mission: Body,
    /// Sorted by id.
    pub members: Vec<MemberId>,
}

entity!(Team, TeamId);
read_fields!(stamped Team { project, slug, name, mission, members });
