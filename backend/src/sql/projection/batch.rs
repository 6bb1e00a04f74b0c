//! What a stretch of events comes to, before it is written: of each entity the last state, once.

use std::collections::HashMap;

use shared_types::{
    EventBody as B, Organization,
    model::{Comment, Entity, Item, Member, OrganizationProfile, Project, Run, Team},
    state::Stored,
    value::{CommentId, ItemId, MemberId, ProjectId, RunId, TeamId, Timestamp},
};

use super::Incoming;

/// An entity and when it was deleted itself.
#[derive(Debug, Clone)]
pub(super) struct Row<T> {
    pub value: T,
    pub deleted: Option<Timestamp>,
}

/// Changes of one organization's rows, to be written in one transaction.
#[derive(Debug, Default)]
pub struct Batch {
    pub(super) events: Vec<Incoming>,
    pub(super) organization: Option<OrganizationProfile>,
    pub(super) projects: HashMap<ProjectId, Row<Project>>,
    pub(super) teams: HashMap<TeamId, Row<Team>>,
    pub(super) members: HashMap<MemberId, Row<Member>>,
    /// Without the detail that no event of the stretch had.
    pub(super) items: HashMap<ItemId, Row<Item>>,
    pub(super) comments: HashMap<CommentId, Row<Comment>>,
    /// How many comments items have that are not in `items`.
    pub(super) counts: HashMap<ItemId, u32>,
    pub(super) runs: HashMap<RunId, Run>,
}

impl Batch {
    /// Everything there is in a model.
    pub fn whole(organization: &Organization) -> Self {
        fn rows<'a, T: Entity + 'a>(
            stored: impl Iterator<Item = &'a Stored<T>>,
        ) -> HashMap<T::Id, Row<T>> {
            let row = |stored: &Stored<T>| Row {
                value: T::clone(&stored.value),
                deleted: stored.deleted,
            };
            stored
                .map(|stored| (stored.value.id(), row(stored)))
                .collect()
        }
        let items = organization.every_item();
        Self {
            organization: Some(OrganizationProfile::clone(&organization.profile)),
            projects: rows(organization.every_project()),
            teams: rows(organization.every_team()),
            members: rows(organization.every_member()),
            items: items
                .map(|(value, deleted)| (value.id(), Row { value, deleted }))
                .collect(),
            comments: rows(organization.every_comment()),
            runs: organization
                .every_run()
                .map(|run| (run.id(), Run::clone(run)))
                .collect(),
            ..Self::default()
        }
    }

    /// Events, without what they have led to.
    pub fn events(events: Vec<Incoming>) -> Self {
        Self {
            events,
            ..Self::default()
        }
    }

    /// An organization in which nothing has happened yet.
    pub fn founded(profile: OrganizationProfile) -> Self {
        Self {
            organization: Some(profile),
            ..Self::default()
        }
    }

    /// Takes in the next event of the line.
    pub fn push(&mut self, event: Incoming) {
        if let Some(known) = &event.event {
            self.project_event(known.at, &known.body);
        }
        self.events.push(event);
    }

    /// Makes an event true, as [`Organization::apply`] does.
    fn project_event(&mut self, at: Timestamp, body: &B) {
        match body {
            B::OrganizationUpdated { organization, .. } => {
                self.organization = Some(organization.clone());
            }
            B::ProjectCreated { project }
            | B::ProjectUpdated { project, .. }
            | B::ProjectRestored { project } => put(&mut self.projects, project, None),
            B::ProjectDeleted { project } => put(&mut self.projects, project, Some(at)),
            B::TeamCreated { team } | B::TeamUpdated { team, .. } | B::TeamRestored { team } => {
                put(&mut self.teams, team, None);
            }
            B::TeamDeleted { team } => put(&mut self.teams, team, Some(at)),
            B::MemberCreated { member }
            | B::MemberUpdated { member, .. }
            | B::MemberRestored { member } => put(&mut self.members, member, None),
            B::MemberDeleted { member } => put(&mut self.members, member, Some(at)),
            B::ItemCreated { item } | B::ItemUpdated { item, .. } | B::ItemRestored { item } => {
                self.put_item(item, None);
            }
            B::ItemDeleted { item } => self.put_item(item, Some(at)),
            B::CommentCreated { comment, comments } | B::CommentRestored { comment, comments } => {
                put(&mut self.comments, comment, None);
                self.count(comment.item, *comments);
            }
            B::CommentUpdated { comment, .. } => put(&mut self.comments, comment, None),
            B::CommentDeleted { comment, comments } => {
                put(&mut self.comments, comment, Some(at));
                self.count(comment.item, *comments);
            }
            B::RunCreated { run } | B::RunUpdated { run, .. } => {
                self.runs.insert(run.id(), Run::clone(run));
            }
            // They have no table: they are settings, and in the events.
            B::BudgetUpdated { .. } => {}
        }
    }

    /// Description and acceptance travel only when they changed: those of before stay.
    fn put_item(&mut self, item: &Item, deleted: Option<Timestamp>) {
        let mut value = item.clone();
        if let Some(before) = self.items.remove(&item.id()) {
            value.description = value.description.or(before.value.description);
            value.acceptance = value.acceptance.or(before.value.acceptance);
        }
        self.counts.remove(&item.id());
        self.items.insert(item.id(), Row { value, deleted });
    }

    fn count(&mut self, item: ItemId, comments: u32) {
        match self.items.get_mut(&item) {
            Some(row) => row.value.comments = comments,
            None => {
                self.counts.insert(item, comments);
            }
        }
    }
}

fn put<T: Entity>(rows: &mut HashMap<T::Id, Row<T>>, value: &T, deleted: Option<Timestamp>) {
    let row = Row {
        value: value.clone(),
        deleted,
    };
    rows.insert(value.id(), row);
}
