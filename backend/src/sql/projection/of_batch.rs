//! A batch as rows.

use shared_types::value::OrganizationId;

use super::{Batch, rows};
use crate::sql::tables::{
    assignment, comment, dependency, item, label, member, organization, project, run, team,
    team_member,
};

/// The rows of each table that follows from the model.
pub(in crate::sql) struct Rows {
    pub organizations: Vec<organization::Model>,
    pub projects: Vec<project::Model>,
    pub teams: Vec<team::Model>,
    pub team_members: Vec<team_member::Model>,
    pub members: Vec<member::Model>,
    pub items: Vec<item::Model>,
    pub assignments: Vec<assignment::Model>,
    pub labels: Vec<label::Model>,
    pub dependencies: Vec<dependency::Model>,
    pub comments: Vec<comment::Model>,
    pub runs: Vec<run::Model>,
}

impl Batch {
    /// Its rows. Of items without their detail, `description` and `acceptance` are empty.
    pub(in crate::sql) fn rows(&self, of: OrganizationId) -> Rows {
        let items = || self.items.values();
        Rows {
            organizations: self.organization.iter().map(rows::organization).collect(),
            projects: self
                .projects
                .values()
                .map(|row| rows::project(of, &row.value, row.deleted))
                .collect(),
            teams: self
                .teams
                .values()
                .map(|row| rows::team(of, &row.value, row.deleted))
                .collect(),
            team_members: self
                .teams
                .values()
                .flat_map(|row| rows::team_members(&row.value))
                .collect(),
            members: self
                .members
                .values()
                .map(|row| rows::member(of, &row.value, row.deleted))
                .collect(),
            items: items()
                .map(|row| rows::item(of, &row.value, row.deleted))
                .collect(),
            assignments: items()
                .flat_map(|row| rows::assignments(&row.value))
                .collect(),
            labels: items().flat_map(|row| rows::labels(&row.value)).collect(),
            dependencies: items()
                .flat_map(|row| rows::dependencies(&row.value))
                .collect(),
            comments: self
                .comments
                .values()
                .map(|row| rows::comment(of, &row.value, row.deleted))
                .collect(),
            runs: self.runs.values().map(|run| rows::run(of, run)).collect(),
        }
    }
}
