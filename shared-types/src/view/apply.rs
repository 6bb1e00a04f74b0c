//! How a view follows the events of its topic.

use std::{collections::BTreeSet, sync::Arc};

use super::View;
use crate::{
    event::{Event, EventBody},
    model::{Entity, Item, Project, Run},
    state::oldest_beyond,
    topic::Topic,
    value::{ItemId, ProjectId},
};

impl View {
    /// Follows one event of its topic. (At a barrier, and when the topic's subject is deleted, there is nothing to
    /// follow: the server says so.)
    pub fn apply(&mut self, event: &Event) {
        match &event.body {
            EventBody::OrganizationUpdated { organization, .. } => {
                self.organization = Some(Arc::new(organization.clone()));
            }
            EventBody::ProjectCreated { project }
            | EventBody::ProjectUpdated { project, .. }
            | EventBody::ProjectRestored { project } => self.put_project(project),
            EventBody::ProjectDeleted { project } => self.remove_project(project.id()),
            EventBody::TeamCreated { team }
            | EventBody::TeamUpdated { team, .. }
            | EventBody::TeamRestored { team } => {
                self.teams.insert(team.id(), Arc::new(team.clone()));
            }
            EventBody::TeamDeleted { team } => {
                self.teams.remove(&team.id());
            }
            EventBody::MemberCreated { member }
            | EventBody::MemberUpdated { member, .. }
            | EventBody::MemberRestored { member } => {
                self.members.insert(member.id(), Arc::new(member.clone()));
            }
            EventBody::MemberDeleted { member } => {
                self.members.remove(&member.id());
            }
            EventBody::ItemCreated { item }
            | EventBody::ItemUpdated { item, .. }
            | EventBody::ItemRestored { item } => {
                self.put_item(item);
            }
            EventBody::ItemDeleted { item } => self.remove_item(item.id()),
            EventBody::CommentCreated { comment, comments }
            | EventBody::CommentRestored { comment, comments } => {
                self.put_comment(comment);
                self.set_comments(comment.item, *comments);
            }
            EventBody::CommentUpdated { comment, .. } => self.put_comment(comment),
            EventBody::CommentDeleted { comment, comments } => {
                self.comments.remove(&comment.id());
                self.set_comments(comment.item, *comments);
            }
            EventBody::RunCreated { run } => self.put_run(run, true),
            EventBody::RunUpdated { run, .. } => self.put_run(run, false),
            // Budgets are asked for.
            EventBody::BudgetUpdated { .. } => {}
        }
    }

    fn put_project(&mut self, project: &Project) {
        if matches!(self.topic, Topic::Org) || self.topic == Topic::Project(project.id()) {
            self.projects
                .insert(project.id(), Arc::new(project.clone()));
        }
    }

    fn remove_project(&mut self, id: ProjectId) {
        self.projects.remove(&id);
        if matches!(self.topic, Topic::Member(_)) {
            let others = self
                .items
                .iter()
                .filter(|(_, item)| item.project != Some(id));
            self.items = others.map(|(id, item)| (*id, Arc::clone(item))).collect();
        }
    }

    fn shows(&self, item: &Item) -> bool {
        match self.topic {
            Topic::Org => item.project.is_none(),
            Topic::Project(project) => item.project == Some(project),
            Topic::Team(team) => item.team == Some(team),
            Topic::Member(member) => item.assignees.contains(&member),
            Topic::Item(id) => item.id() == id,
            Topic::Run(_) | Topic::All => false,
        }
    }

    fn put_item(&mut self, item: &Item) {
        if !self.shows(item) {
            self.items.remove(&item.id());
            return;
        }
        let mut shown = item.summary();
        if matches!(self.topic, Topic::Item(_)) {
            let before = self.items.get(&item.id());
            shown.description = item
                .description
                .clone()
                .or_else(|| before?.description.clone());
            shown.acceptance = item
                .acceptance
                .clone()
                .or_else(|| before?.acceptance.clone());
        }
        self.items.insert(item.id(), Arc::new(shown));
    }

    /// An item leaves with all that is under it. A view of a whole backlog holds every link of the chain; where it does
    /// not (teams, members), the event is a barrier.
    fn remove_item(&mut self, id: ItemId) {
        self.items.remove(&id);
        let mut gone = BTreeSet::from([id]);
        // Tasks are under features, features under epics: two rounds reach the bottom.
        for _ in 0..2 {
            let under =
                |item: &&Arc<Item>| item.parent.is_some_and(|parent| gone.contains(&parent));
            let found: Vec<ItemId> = self
                .items
                .values()
                .filter(under)
                .map(|item| item.id())
                .collect();
            found.iter().for_each(|id| drop(self.items.remove(id)));
            gone.extend(found);
        }
    }

    fn put_comment(&mut self, comment: &crate::model::Comment) {
        if self.topic == Topic::Item(comment.item) {
            self.comments
                .insert(comment.id(), Arc::new(comment.clone()));
        }
    }

    fn put_run(&mut self, run: &Run, is_new: bool) {
        if self.topic == Topic::Item(run.item) || self.topic == Topic::Run(run.id()) {
            self.runs.insert(run.id(), Arc::new(run.clone()));
        }
        if let Some(old) = oldest_beyond(self.runs.values()) {
            self.runs.remove(&old);
        }
        if let Some(item) = self.items.get_mut(&run.item)
            && (is_new || item.run.is_some_and(|shown| shown.id == run.id()))
        {
            Arc::make_mut(item).run = Some(run.brief());
        }
    }

    fn set_comments(&mut self, item: ItemId, comments: u32) {
        if let Some(item) = self.items.get_mut(&item) {
            Arc::make_mut(item).comments = comments;
        }
    }
}
