//! The only way the model changes.

use std::sync::Arc;

use super::{Detail, Organization, Reach, Stored, lookup::pairs, reach::Touched};
use crate::{
    event::{Event, EventBody},
    model::{Comment, Entity, Item, ItemKind, Member, Project, Team},
    topic::Topic,
    value::{ItemId, Timestamp},
};

impl Organization {
    /// Applies one event and tells where it goes. Every node that applies the same events has the same model.
    pub fn apply(&mut self, event: &Event) -> Reach {
        let at = event.at;
        let mut touched = Touched::default();
        match &event.body {
            EventBody::OrganizationUpdated { organization, .. } => {
                self.profile = Arc::new(organization.clone());
                touched.topic(Topic::Org);
            }
            EventBody::ProjectCreated { project } | EventBody::ProjectUpdated { project, .. } => {
                self.put_project(project);
                touched.topics([Topic::Org, Topic::Project(project.id())]);
            }
            EventBody::ProjectDeleted { project } => self.delete_project(project, at, &mut touched),
            EventBody::ProjectRestored { project } => self.restore_project(project, &mut touched),
            EventBody::TeamCreated { team } | EventBody::TeamUpdated { team, .. } => {
                self.put_team(team);
                touched.topics([Topic::Project(team.project), Topic::Team(team.id())]);
            }
            EventBody::TeamDeleted { team } => {
                mark(&mut self.teams, team.id(), Some(at));
                self.names.teams.remove(&(team.project, team.slug.clone()));
                touched.topics([Topic::Project(team.project), Topic::Team(team.id())]);
            }
            EventBody::TeamRestored { team } => {
                self.put_team(team);
                touched.topic(Topic::Project(team.project));
                touched.barrier(Topic::Team(team.id()));
                touched.rollups.insert(Topic::Team(team.id()));
            }
            EventBody::MemberCreated { member } | EventBody::MemberUpdated { member, .. } => {
                self.put_member(member);
                touched.topics([Topic::Org, Topic::Member(member.id())]);
            }
            EventBody::MemberDeleted { member } => {
                if mark(&mut self.members, member.id(), Some(at)) {
                    self.index.member_count = self.index.member_count.saturating_sub(1);
                }
                self.names.members.remove(&member.slug);
                touched.topics([Topic::Org, Topic::Member(member.id())]);
            }
            EventBody::MemberRestored { member } => {
                self.put_member(member);
                touched.topic(Topic::Org);
                touched.barrier(Topic::Member(member.id()));
                touched.rollups.insert(Topic::Member(member.id()));
            }
            EventBody::ItemCreated { item } => {
                self.put_item(item);
                self.count(&[Arc::new(item.summary())], true, &mut touched);
                touched.topics(topics_of_item(item));
            }
            EventBody::ItemUpdated { item, .. } => self.update_item(item, &mut touched),
            EventBody::ItemDeleted { item } => self.delete_item(item.id(), at, &mut touched),
            EventBody::ItemRestored { item } => self.restore_item(item, &mut touched),
            EventBody::CommentCreated { comment, comments }
            | EventBody::CommentRestored { comment, comments } => {
                self.put_comment(comment);
                self.set_comments(comment.item, *comments, &mut touched);
            }
            EventBody::CommentUpdated { comment, .. } => {
                self.put_comment(comment);
                touched.topic(Topic::Item(comment.item));
            }
            EventBody::CommentDeleted { comment, comments } => {
                mark(&mut self.comments, comment.id(), Some(at));
                self.set_comments(comment.item, *comments, &mut touched);
            }
            EventBody::RunCreated { run } | EventBody::RunUpdated { run, .. } => {
                self.put_run(run, at, &mut touched);
            }
            EventBody::BudgetUpdated { budget, .. } => {
                self.budgets.insert(budget.scope, *budget);
                touched.topic(Topic::Org);
                let topic = budget.scope.topic();
                touched.topics((topic != Topic::All).then_some(topic));
            }
        }
        self.seq = event.seq;
        touched.finish(&mut self.heads, event.seq)
    }

    fn put_project(&mut self, project: &Project) {
        let id = project.id();
        let before = self.projects.insert(id, stored(project.clone()));
        if before
            .as_ref()
            .is_none_or(|before| before.deleted.is_some())
        {
            self.index.project_count += 1;
        }
        let names = &mut self.names;
        if let Some(before) = before.filter(|before| before.value.slug != project.slug) {
            if names.projects.get(&before.value.slug) == Some(&id) {
                names.projects.remove(&before.value.slug);
            }
            names.past_projects.insert(before.value.slug.clone(), id);
        }
        names.past_projects.remove(&project.slug);
        names.projects.insert(project.slug.clone(), id);
        names.project_keys.insert(project.key.clone(), id);
    }

    fn put_team(&mut self, team: &Team) {
        let id = team.id();
        let before = self.teams.insert(id, stored(team.clone()));
        let names = &mut self.names;
        if let Some(before) = before.filter(|before| before.value.slug != team.slug) {
            let old = (team.project, before.value.slug.clone());
            if names.teams.get(&old) == Some(&id) {
                names.teams.remove(&old);
            }
            names.past_teams.insert(old, id);
        }
        let name = (team.project, team.slug.clone());
        names.past_teams.remove(&name);
        names.teams.insert(name, id);
        self.index.project_teams.insert((team.project, id));
    }

    fn put_member(&mut self, member: &Member) {
        let id = member.id();
        let before = self.members.insert(id, stored(member.clone()));
        if before
            .as_ref()
            .is_none_or(|before| before.deleted.is_some())
        {
            self.index.member_count += 1;
        }
        let names = &mut self.names;
        if let Some(before) = before.filter(|before| before.value.slug != member.slug) {
            if names.members.get(&before.value.slug) == Some(&id) {
                names.members.remove(&before.value.slug);
            }
            names.past_members.insert(before.value.slug.clone(), id);
        }
        names.past_members.remove(&member.slug);
        names.members.insert(member.slug.clone(), id);
    }

    fn put_comment(&mut self, comment: &Comment) {
        self.comments.insert(comment.id(), stored(comment.clone()));
        self.index
            .item_comments
            .insert((comment.item, comment.id()));
    }

    /// Puts an item in its place in all maps and indexes, its detail too where it is there.
    pub(super) fn put_item(&mut self, item: &Item) {
        let id = item.id();
        let before = self.items.insert(id, stored(item.summary()));
        if let Some(before) = before {
            self.index.remove_item(&before.value);
        }
        self.index.insert_item(item);
        self.names.item_keys.insert(item.key.clone(), id);
        let number = self.numbers.entry(item.project).or_insert(0);
        *number = item.key.number.max(*number);
        if item.description.is_some()
            || item.acceptance.is_some()
            || !self.details.contains_key(&id)
        {
            let mut detail = self
                .details
                .get(&id)
                .map_or_else(Detail::default, |detail| Detail::clone(detail));
            if let Some(description) = &item.description {
                detail.description = description.clone();
            }
            if let Some(acceptance) = &item.acceptance {
                detail.acceptance = acceptance.clone();
            }
            self.details.insert(id, Arc::new(detail));
        }
    }

    fn update_item(&mut self, item: &Item, touched: &mut Touched) {
        let id = item.id();
        let Some(before) = self.items.get(&id).map(|stored| Arc::clone(&stored.value)) else {
            return;
        };
        // A task moves its own roll-ups; a feature that changes its parent those of all that is under it.
        let mut counted = Vec::new();
        if item.kind != ItemKind::Task && item.parent != before.parent {
            counted = self.descendants_of(id);
        }
        self.count(std::slice::from_ref(&before), false, touched);
        self.count(&counted, false, touched);
        self.put_item(item);
        self.count(&[Arc::new(item.summary())], true, touched);
        self.count(&counted, true, touched);
        let (left, shown) = (topics_of_item(&before), topics_of_item(item));
        // Where it was not shown before, nobody has its roll-up.
        if item.kind != ItemKind::Task && left != shown {
            touched.rollups.insert(Topic::Item(id));
        }
        touched.topics(left);
        touched.topics(shown);
    }

    fn delete_item(&mut self, id: ItemId, at: Timestamp, touched: &mut Touched) {
        let Some(item) = self.item(id).cloned() else {
            return;
        };
        let hidden = self.descendants_of(id);
        touched.topics(topics_of_item(&item));
        touched.subtree(&hidden);
        self.count(&[item], false, touched);
        self.count(&hidden, false, touched);
        mark(&mut self.items, id, Some(at));
    }

    fn restore_item(&mut self, item: &Item, touched: &mut Touched) {
        self.put_item(item);
        let shown = self.descendants_of(item.id());
        touched.topics(topics_of_item(item));
        touched.barrier(Topic::Item(item.id()));
        if item.kind != ItemKind::Task {
            touched.rollups.insert(Topic::Item(item.id()));
        }
        for run in pairs(&self.index.item_runs, item.id()) {
            touched.barrier(Topic::Run(run));
        }
        touched.subtree(&shown);
        if !shown.is_empty() {
            touched.barrier(topic_of_scope(item));
        }
        self.count(&[Arc::new(item.summary())], true, touched);
        self.count(&shown, true, touched);
    }

    fn delete_project(&mut self, project: &Project, at: Timestamp, touched: &mut Touched) {
        let id = project.id();
        let hidden: Vec<Arc<Item>> = self.items_in(Some(id)).cloned().collect();
        self.count(&hidden, false, touched);
        if mark(&mut self.projects, id, Some(at)) {
            self.index.project_count = self.index.project_count.saturating_sub(1);
        }
        self.names.projects.remove(&project.slug);
        touched.topics([Topic::Org, Topic::Project(id)]);
        touched.topics(
            hidden
                .iter()
                .flat_map(|item| item.assignees.iter().map(|member| Topic::Member(*member))),
        );
    }

    fn restore_project(&mut self, project: &Project, touched: &mut Touched) {
        let id = project.id();
        self.put_project(project);
        let shown: Vec<Arc<Item>> = self.items_in(Some(id)).cloned().collect();
        self.count(&shown, true, touched);
        touched.topic(Topic::Org);
        touched.barrier(Topic::Project(id));
        touched.rollups.insert(Topic::Project(id));
        // A team's own topic shows again what it showed before.
        for team in pairs(&self.index.project_teams, id) {
            touched.barrier(Topic::Team(team));
        }
        for member in shown.iter().flat_map(|item| &item.assignees) {
            touched.barrier(Topic::Member(*member));
        }
    }

    /// How many comments an item has: shown wherever the item is, without moving its version.
    fn set_comments(&mut self, item: ItemId, comments: u32, touched: &mut Touched) {
        if let Some(stored) = self.items.get_mut(&item) {
            Arc::make_mut(&mut stored.value).comments = comments;
            touched.topics(topics_of_item(&stored.value));
        }
    }
}

/// The topics that show an item, by its fields.
pub(super) fn topics_of_item(item: &Item) -> Vec<Topic> {
    let mut topics = vec![topic_of_scope(item), Topic::Item(item.id())];
    topics.extend(item.team.map(Topic::Team));
    topics.extend(item.assignees.iter().map(|member| Topic::Member(*member)));
    topics
}

fn topic_of_scope(item: &Item) -> Topic {
    item.project.map_or(Topic::Org, Topic::Project)
}

fn stored<T>(value: T) -> Stored<T> {
    Stored {
        value: Arc::new(value),
        deleted: None,
    }
}

/// Marks an entity deleted or not; true if that was a change.
fn mark<Id: Ord + Clone, T: Clone>(
    map: &mut imbl::OrdMap<Id, Stored<T>>,
    id: Id,
    deleted: Option<Timestamp>,
) -> bool {
    match map.get_mut(&id) {
        Some(stored) if stored.deleted.is_some() != deleted.is_some() => {
            stored.deleted = deleted;
            true
        }
        _ => false,
    }
}
