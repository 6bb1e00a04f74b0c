//! The demo organization as it is written in `content.json`.

use serde::Deserialize;
use shared_types::{
    model::{ItemKind, MemberKind, Priority, Status},
    value::{Body, CriterionText, Estimate, Label, Name, ProjectKey, Slug, Title},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Content {
    pub organization: OrganizationContent,
    /// Who the visitor is.
    pub owner: Slug,
    pub members: Vec<MemberContent>,
    pub projects: Vec<ProjectContent>,
    /// The organization's own.
    pub items: Vec<ItemContent>,
    /// Titles: the first waits for the second.
    pub dependencies: Vec<(Title, Title)>,
    /// On which title, by whom, how many hours ago, and what.
    pub comments: Vec<(Title, Slug, u32, Body)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizationContent {
    pub name: Name,
    pub slug: Slug,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberContent {
    pub slug: Slug,
    pub name: Name,
    pub title: Name,
    pub kind: MemberKind,
    #[serde(default)]
    pub instructions: Option<Body>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectContent {
    pub name: Name,
    pub slug: Slug,
    pub key: ProjectKey,
    pub description: Body,
    pub teams: Vec<TeamContent>,
    pub epics: Vec<EpicContent>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TeamContent {
    pub name: Name,
    pub slug: Slug,
    pub mission: Body,
    pub members: Vec<Slug>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EpicContent {
    pub title: Title,
    pub description: Body,
    pub features: Vec<FeatureContent>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeatureContent {
    pub title: Title,
    pub team: Slug,
    pub description: Body,
    pub acceptance: Vec<CriterionText>,
    pub tasks: Vec<TaskContent>,
}

/// A task in one line: title, assignee, estimate, where it stands now, priority, labels.
#[derive(Debug, Deserialize)]
pub(super) struct TaskContent(
    pub Title,
    pub Option<Slug>,
    pub Estimate,
    pub Status,
    pub Priority,
    pub Vec<Label>,
);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemContent {
    pub kind: ItemKind,
    pub title: Title,
    #[serde(default)]
    pub description: Body,
    #[serde(default)]
    pub assignee: Option<Slug>,
    pub status: Status,
    #[serde(default)]
    pub priority: Priority,
}

/// The content, which a test reads so that it can't be wrong.
pub(super) fn content() -> Result<Content, serde_json::Error> {
    serde_json::from_str(include_str!("content.json"))
}
