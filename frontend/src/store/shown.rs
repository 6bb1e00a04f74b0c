//! The entities as the page shows them: all followed views merged, with the unconfirmed changes laid over.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use imbl::OrdMap;
use shared_types::{
    model::{Comment, Entity, Item, Member, OrganizationProfile, Project, Team},
    value::{CommentId, ItemId, MemberId, ProjectId, Rank, TeamId},
};

type Ranked = BTreeSet<(Rank, ItemId)>;

/// Entities by id, and items also by what contains them.
#[derive(Default)]
pub struct Shown {
    pub organization: Option<Arc<OrganizationProfile>>,
    pub projects: OrdMap<ProjectId, Arc<Project>>,
    pub teams: OrdMap<TeamId, Arc<Team>>,
    pub members: OrdMap<MemberId, Arc<Member>>,
    pub items: OrdMap<ItemId, Arc<Item>>,
    pub comments: OrdMap<CommentId, Arc<Comment>>,
    by_scope: BTreeMap<Option<ProjectId>, Ranked>,
    by_parent: BTreeMap<ItemId, Ranked>,
}

impl Shown {
    /// Makes an item be this, or be gone.
    pub fn set_item(&mut self, id: ItemId, item: Option<Arc<Item>>) {
        let old = match &item {
            Some(item) => self.items.insert(id, item.clone()),
            None => self.items.remove(&id),
        };
        if let (Some(old), Some(new)) = (&old, &item)
            && (old.project, old.parent, &old.rank) == (new.project, new.parent, &new.rank)
        {
            return;
        }
        if let Some(old) = old {
            let place = (old.rank.clone(), id);
            if let Some(scope) = self.by_scope.get_mut(&old.project) {
                scope.remove(&place);
            }
            if let Some(siblings) = old
                .parent
                .and_then(|parent| self.by_parent.get_mut(&parent))
            {
                siblings.remove(&place);
            }
        }
        if let Some(new) = item {
            let place = (new.rank.clone(), id);
            self.by_scope
                .entry(new.project)
                .or_default()
                .insert(place.clone());
            if let Some(parent) = new.parent {
                self.by_parent.entry(parent).or_default().insert(place);
            }
        }
    }

    /// The items of a project (its teams' too), or the organization's own, in the order of their ranks.
    pub fn items_in(
        &self,
        project: Option<ProjectId>,
    ) -> impl DoubleEndedIterator<Item = &Arc<Item>> {
        self.ranked(self.by_scope.get(&project))
    }

    /// The items right under one, in the order of their ranks.
    pub fn children_of(&self, item: ItemId) -> impl DoubleEndedIterator<Item = &Arc<Item>> {
        self.ranked(self.by_parent.get(&item))
    }

    fn ranked<'a>(
        &'a self,
        places: Option<&'a Ranked>,
    ) -> impl DoubleEndedIterator<Item = &'a Arc<Item>> {
        places
            .into_iter()
            .flatten()
            .filter_map(|(_, id)| self.items.get(id))
    }

    /// All that is under an item, each parent before its children; not the item itself.
    pub fn descendants_of(&self, item: ItemId) -> Vec<Arc<Item>> {
        let mut found: Vec<Arc<Item>> = self.children_of(item).cloned().collect();
        let mut next = 0;
        while let Some(item) = found.get(next).map(|item| item.id()) {
            found.extend(self.children_of(item).cloned());
            next += 1;
        }
        found
    }

    /// The rank that puts something right before or after an item of the same scope, or at the end.
    pub fn rank_beside(
        &self,
        project: Option<ProjectId>,
        before: Option<ItemId>,
        after: Option<ItemId>,
    ) -> Rank {
        let all: Vec<&Arc<Item>> = self.items_in(project).collect();
        let at = |id: ItemId| all.iter().position(|item| item.id() == id);
        let gap = match (before.and_then(at), after.and_then(at)) {
            (Some(at), _) => at,
            (None, Some(at)) => at + 1,
            (None, None) => all.len(),
        };
        let low = gap
            .checked_sub(1)
            .and_then(|low| all.get(low))
            .map(|item| &item.rank);
        Rank::between(low, all.get(gap).map(|item| &item.rank))
    }
}
