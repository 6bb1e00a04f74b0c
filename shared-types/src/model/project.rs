use serde::Serialize;

use super::{Stamp, entity};
use crate::json::read_fields;
use crate::value::{Body, Name, ProjectId, ProjectKey, Slug};

/// A project: teams and a backlog of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Project {
    #[serde(flatten)]
    pub stamp: Stamp<ProjectId>,
    /// Its address; an old one keeps leading to it until another project takes it.
    pub slug: Slug,
    /// What its items' keys begin with; never changes.
    pub key: ProjectKey,
    pub name: Name,
    /// Markdown.
    pub description: Body,
    /// Put away: still readable, out of the way.
    pub archived: bool,
}

entity!(Project, ProjectId);
read_fields!(stamped Project { slug, key, name, description, archived });
