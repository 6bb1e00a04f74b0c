//! Reading the model. What is deleted, or hidden by something deleted, is not found.

use std::{ops::Bound, sync::Arc};

use imbl::OrdSet;
use uuid::Uuid;

use super::{Detail, Organization, Scope, Stored};
use crate::{
    model::{Comment, Entity, Item, Member, Project, Rollup, Team},
    topic::{ItemRef, MemberRef, ProjectRef, Ref, TeamRef, Topic, TopicRef},
    value::{CommentId, ItemId, MemberId, ProjectId, Rank, TeamId},
};

impl Organization {
    /// A project that is not deleted.
    pub fn project(&self, id: ProjectId) -> Option<&Arc<Project>> {
        live(self.projects.get(&id)?)
    }

    /// A team that is not deleted, in a project that is not.
    pub fn team(&self, id: TeamId) -> Option<&Arc<Team>> {
        live(self.teams.get(&id)?).filter(|team| self.project(team.project).is_some())
    }

    /// A member that is not deleted.
    pub fn member(&self, id: MemberId) -> Option<&Arc<Member>> {
        live(self.members.get(&id)?)
    }

    /// An item that is not deleted, nor anything above it. Without its detail.
    pub fn item(&self, id: ItemId) -> Option<&Arc<Item>> {
        let item = live(self.items.get(&id)?)?;
        let in_project = item
            .project
            .is_none_or(|project| self.project(project).is_some());
        let under_parent = || item.parent.is_none_or(|parent| self.item(parent).is_some());
        (in_project && under_parent()).then_some(item)
    }

    /// The detail of an item, deleted or not.
    pub fn detail(&self, id: ItemId) -> Option<&Arc<Detail>> {
        self.details.get(&id)
    }

    /// An item with its detail.
    pub fn item_in_full(&self, id: ItemId) -> Option<Item> {
        let mut item = Item::clone(self.item(id)?);
        let detail = self.detail(id)?;
        item.description = Some(detail.description.clone());
        item.acceptance = Some(detail.acceptance.clone());
        Some(item)
    }

    /// A comment that is not deleted, on an item that is not.
    pub fn comment(&self, id: CommentId) -> Option<&Arc<Comment>> {
        live(self.comments.get(&id)?).filter(|comment| self.item(comment.item).is_some())
    }

    /// All projects, by id.
    pub fn projects(&self) -> impl Iterator<Item = &Arc<Project>> {
        self.projects.values().filter_map(live)
    }

    /// All members, by id.
    pub fn members(&self) -> impl Iterator<Item = &Arc<Member>> {
        self.members.values().filter_map(live)
    }

    /// All items of the organization and its projects, by id.
    pub fn items(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.items.keys().filter_map(|id| self.item(*id))
    }

    /// How many projects there are.
    pub fn project_count(&self) -> usize {
        self.index.project_count
    }

    /// How many members there are.
    pub fn member_count(&self) -> usize {
        self.index.member_count
    }

    /// How many items a project has, or the organization of its own.
    pub fn item_count(&self, scope: Scope) -> usize {
        self.index.item_counts.get(&scope).copied().unwrap_or(0)
    }

    /// The teams of a project, by id.
    pub fn teams_of(&self, project: ProjectId) -> impl Iterator<Item = &Arc<Team>> {
        pairs(&self.index.project_teams, project).filter_map(|id| self.team(id))
    }

    /// The items of a project, or the organization's own, by rank and then id.
    pub fn items_in(&self, scope: Scope) -> impl DoubleEndedIterator<Item = &Arc<Item>> {
        self.index
            .ranks
            .get(&scope)
            .into_iter()
            .flat_map(|ranks| ranks.iter())
            .filter_map(|(_, id)| self.item(*id))
    }

    /// Those of [`Organization::items_in`] that come after a rank and id.
    pub fn items_in_after(
        &self,
        scope: Scope,
        after: (Rank, ItemId),
    ) -> impl Iterator<Item = &Arc<Item>> {
        let range = (Bound::Excluded(after), Bound::Unbounded);
        let ranks = self.index.ranks.get(&scope).into_iter();
        ranks
            .flat_map(move |ranks| ranks.range(range.clone()))
            .filter_map(|(_, id)| self.item(*id))
    }

    /// The items in a team's backlog, by id.
    pub fn items_of_team(&self, team: TeamId) -> impl Iterator<Item = &Arc<Item>> {
        pairs(&self.index.team_items, team).filter_map(|id| self.item(id))
    }

    /// The items assigned to a member, by id.
    pub fn items_of_member(&self, member: MemberId) -> impl Iterator<Item = &Arc<Item>> {
        pairs(&self.index.member_items, member).filter_map(|id| self.item(id))
    }

    /// The items right under an item, by id.
    pub fn children_of(&self, item: ItemId) -> impl Iterator<Item = &Arc<Item>> {
        pairs(&self.index.children, item).filter_map(|id| self.item(id))
    }

    /// All that is under an item, each parent before its children; not the item itself.
    pub fn descendants_of(&self, item: ItemId) -> Vec<Arc<Item>> {
        let mut found: Vec<Arc<Item>> = self.children_of(item).cloned().collect();
        let mut next = 0;
        while next < found.len() {
            let id = found[next].id();
            found.extend(self.children_of(id).cloned());
            next += 1;
        }
        found
    }

    /// The comments of an item, by id.
    pub fn comments_of(&self, item: ItemId) -> impl Iterator<Item = &Arc<Comment>> {
        pairs(&self.index.item_comments, item).filter_map(|id| self.comment(id))
    }

    /// What the tasks under something add up to; the key is the topic of the thing.
    pub fn rollup(&self, key: Topic) -> Rollup {
        self.rollups.get(&key).copied().unwrap_or_default()
    }

    /// The seq of the last event on a topic, 0 if none.
    pub fn head(&self, topic: Topic) -> u64 {
        match topic {
            Topic::All => self.seq,
            _ => self.heads.get(&topic).copied().unwrap_or(0),
        }
    }

    /// A project by id, slug or a slug it had.
    pub fn find_project(&self, name: &ProjectRef) -> Option<&Arc<Project>> {
        match name {
            Ref::Id(id) => self.project(*id),
            Ref::Name(slug) => {
                let names = &self.names;
                let id = names
                    .projects
                    .get(slug)
                    .or_else(|| names.past_projects.get(slug))?;
                self.project(*id)
            }
        }
    }

    /// A team of a project by id, slug or a slug it had.
    pub fn find_team(&self, project: ProjectId, name: &TeamRef) -> Option<&Arc<Team>> {
        let id = match name {
            Ref::Id(id) => *id,
            Ref::Name(slug) => {
                let at = (project, slug.clone());
                *self
                    .names
                    .teams
                    .get(&at)
                    .or_else(|| self.names.past_teams.get(&at))?
            }
        };
        self.team(id).filter(|team| team.project == project)
    }

    /// A member by id, slug or a slug it had.
    pub fn find_member(&self, name: &MemberRef) -> Option<&Arc<Member>> {
        match name {
            Ref::Id(id) => self.member(*id),
            Ref::Name(slug) => {
                let names = &self.names;
                let id = names
                    .members
                    .get(slug)
                    .or_else(|| names.past_members.get(slug))?;
                self.member(*id)
            }
        }
    }

    /// An item by id, key or a key it had.
    pub fn find_item(&self, name: &ItemRef) -> Option<&Arc<Item>> {
        match name {
            Ref::Id(id) => self.item(*id),
            Ref::Name(key) => self.item(*self.names.item_keys.get(key)?),
        }
    }

    /// The topic that a client asks for, if it has something to show.
    pub fn find_topic(&self, name: &TopicRef) -> Option<Topic> {
        Some(match name {
            TopicRef::Org => Topic::Org,
            TopicRef::All => Topic::All,
            TopicRef::Project(project) => Topic::Project(self.find_project(project)?.id()),
            TopicRef::Team(team) => Topic::Team(self.team(*team)?.id()),
            TopicRef::TeamOf(project, team) => {
                let project = self.find_project(project)?.id();
                Topic::Team(self.find_team(project, team)?.id())
            }
            TopicRef::Member(member) => Topic::Member(self.find_member(member)?.id()),
            TopicRef::Item(item) => Topic::Item(self.find_item(item)?.id()),
            TopicRef::Run(run) => Topic::Run(self.run(*run)?.id()),
        })
    }

    /// Whether a topic has something to show: its subject is neither deleted nor hidden.
    pub fn has_topic(&self, topic: Topic) -> bool {
        match topic {
            Topic::Org | Topic::All => true,
            Topic::Project(id) => self.project(id).is_some(),
            Topic::Team(id) => self.team(id).is_some(),
            Topic::Member(id) => self.member(id).is_some(),
            Topic::Item(id) => self.item(id).is_some(),
            Topic::Run(id) => self.run(id).is_some(),
        }
    }
}

fn live<T>(stored: &Stored<T>) -> Option<&Arc<T>> {
    stored.deleted.is_none().then_some(&stored.value)
}

/// The second halves of the pairs that begin with `first`.
pub(super) fn pairs<A, B>(set: &OrdSet<(A, B)>, first: A) -> impl Iterator<Item = B>
where
    A: Copy + Ord,
    B: Copy + Ord + From<Uuid>,
{
    set.range((first, B::from(Uuid::nil()))..)
        .take_while(move |(a, _)| *a == first)
        .map(|(_, b)| *b)
}
