//! The entities as the page shows them: all followed views merged, with the unconfirmed changes laid over.

use std::{cell::OnceCell, collections::BTreeMap, ops::Deref, rc::Rc, sync::Arc};

use litemap::LiteMap;
use shared_types::{
    model::{Comment, Entity, Item, Member, OrganizationProfile, Project, Team},
    value::{ItemId, ProjectId, Rank},
    view::ById,
};

/// Items in the order of their ranks.
type Ranked = BTreeMap<(Rank, ItemId), Arc<Item>>;

/// The items of a scope in the order of their ranks, as they were at one moment. Two lists are equal if they are one:
/// comparing ten thousand items would cost more than drawing those that are seen.
#[derive(Debug, Clone, Default)]
pub struct ItemList(Rc<Vec<Arc<Item>>>);

impl PartialEq for ItemList {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for ItemList {
    type Target = [Arc<Item>];

    fn deref(&self) -> &[Arc<Item>] {
        &self.0
    }
}

/// The items of a project, or the organization's own.
#[derive(Default)]
struct Scope {
    ranked: Ranked,
    /// Made when it is asked for first after a change.
    list: OnceCell<ItemList>,
}

/// Entities by id, and items also by what contains them.
#[derive(Default)]
pub struct Shown {
    pub organization: Option<Arc<OrganizationProfile>>,
    pub projects: ById<Project>,
    pub teams: ById<Team>,
    pub members: ById<Member>,
    pub items: ById<Item>,
    pub comments: ById<Comment>,
    by_scope: LiteMap<Option<ProjectId>, Scope>,
    /// The list of what has no items, always the same.
    no_items: ItemList,
    by_parent: LiteMap<ItemId, Ranked>,
}

impl Shown {
    /// Makes an item be this, or be gone.
    pub fn set_item(&mut self, id: ItemId, item: Option<Arc<Item>>) {
        let old = match &item {
            Some(item) => self.items.insert(id, item.clone()),
            None => self.items.remove(&id),
        };
        if old == item {
            return;
        }
        if let Some(old) = old {
            let place = (old.rank.clone(), id);
            if let Some(scope) = self.by_scope.get_mut(&old.project) {
                scope.list.take();
                scope.ranked.remove(&place);
            }
            let siblings = old
                .parent
                .and_then(|parent| self.by_parent.get_mut(&parent));
            if let Some(siblings) = siblings {
                siblings.remove(&place);
            }
        }
        if let Some(new) = item {
            let place = (new.rank.clone(), id);
            if let Some(parent) = new.parent {
                let siblings = self.by_parent.entry(parent).or_default();
                siblings.insert(place.clone(), new.clone());
            }
            let scope = self.by_scope.entry(new.project).or_default();
            scope.list.take();
            scope.ranked.insert(place, new);
        }
    }

    /// The items of a project (its teams' too), or the organization's own, in the order of their ranks.
    pub fn items_in(
        &self,
        project: Option<ProjectId>,
    ) -> impl DoubleEndedIterator<Item = &Arc<Item>> {
        let scope = self.by_scope.get(&project);
        scope.into_iter().flat_map(|scope| scope.ranked.values())
    }

    /// The same as a list, which stays the same one until one of them changes.
    pub fn item_list(&self, project: Option<ProjectId>) -> ItemList {
        let Some(scope) = self.by_scope.get(&project) else {
            return self.no_items.clone();
        };
        let list = || ItemList(Rc::new(scope.ranked.values().cloned().collect()));
        scope.list.get_or_init(list).clone()
    }

    /// The items right under one, in the order of their ranks.
    pub fn children_of(&self, item: ItemId) -> impl DoubleEndedIterator<Item = &Arc<Item>> {
        let children = self.by_parent.get(&item);
        children.into_iter().flat_map(|ranked| ranked.values())
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
