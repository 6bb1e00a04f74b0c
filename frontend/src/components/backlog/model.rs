//! What the tree shows: a line for each item that is not under a closed one, parents before their children.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    sync::Arc,
};

use shared_types::{
    model::{Entity, Item, ItemKind, Rollup},
    topic::Topic,
    value::{ItemId, ProjectId, TeamId},
};
use yew::prelude::*;

use crate::{
    components::work::filter::Filter,
    store::{ItemList, State, use_select, use_store},
};

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub item: Arc<Item>,
    pub depth: usize,
    pub has_children: bool,
    pub is_open: bool,
    /// Of an epic or feature.
    pub rollup: Rollup,
}

/// All lines as they were at one moment. Two are equal if they are one: comparing all their lines would cost more than
/// drawing those that are seen.
#[derive(Debug)]
pub struct TreeModel {
    pub rows: Vec<Row>,
}

impl PartialEq for TreeModel {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl TreeModel {
    /// Which line an item is on.
    pub fn row_of(&self, id: ItemId) -> Option<usize> {
        self.rows.iter().position(|row| row.item.id() == id)
    }

    /// The item so many lines away; from nowhere, the first one.
    pub fn neighbour(&self, at: Option<ItemId>, rows: isize) -> Option<ItemId> {
        let row = match at.and_then(|id| self.row_of(id)) {
            Some(row) => row.checked_add_signed(rows)?,
            None => 0,
        };
        Some(self.rows.get(row)?.item.id())
    }
}

struct Builder<'a> {
    state: &'a State,
    /// What fits the filter, and all that it is a part of; none where everything fits.
    fitting: Option<BTreeSet<ItemId>>,
    rollups: &'a BTreeMap<ItemId, Rollup>,
    closed: &'a BTreeSet<ItemId>,
    rows: Vec<Row>,
}

impl Builder<'_> {
    fn fits(&self, item: &Item) -> bool {
        let fitting = self.fitting.as_ref();
        fitting.is_none_or(|fitting| fitting.contains(&item.id()))
    }

    /// An item's line, and the lines of what is under it.
    fn add(&mut self, item: &Arc<Item>, depth: usize) {
        if !self.fits(item) {
            return;
        }
        let (id, state) = (item.id(), self.state);
        let has_children =
            item.kind != ItemKind::Task && state.children_of(id).any(|child| self.fits(child));
        let is_open = !self.closed.contains(&id);
        self.rows.push(Row {
            item: item.clone(),
            depth,
            has_children,
            is_open,
            rollup: self.rollups.get(&id).copied().unwrap_or_default(),
        });
        if has_children && is_open {
            state
                .children_of(id)
                .for_each(|child| self.add(child, depth + 1));
        }
    }
}

/// What is wanted, and all that it is a part of.
fn with_parents(
    list: &ItemList,
    state: &State,
    wanted: impl Fn(&Item) -> bool,
) -> BTreeSet<ItemId> {
    let mut found = BTreeSet::new();
    for item in list.iter().filter(|item| wanted(item)) {
        let mut next = Some(item);
        while let Some(item) = next.filter(|item| found.insert(item.id())) {
            next = item.parent.and_then(|parent| state.item(parent));
        }
    }
    found
}

/// The tree of a project, of a team, or of the organization's own items, kept up to date.
#[hook]
pub fn use_tree(
    project: Option<ProjectId>,
    team: Option<TeamId>,
    filter: Filter,
    closed: Rc<BTreeSet<ItemId>>,
) -> Rc<TreeModel> {
    let store = use_store();
    let list = use_select(move |state| state.item_list(project));
    let rollups = use_select(move |state| {
        let list = state.item_list(project);
        let parents = list.iter().filter(|item| item.kind != ItemKind::Task);
        let of = |item: &Arc<Item>| (item.id(), state.rollup(Topic::Item(item.id())));
        parents.map(of).collect::<BTreeMap<_, _>>()
    });
    use_memo(
        (list, rollups, team, filter, closed),
        move |(list, rollups, team, filter, closed)| {
            let wanted = |item: &Item| (team.is_none() || item.team == *team) && filter.lets(item);
            let is_narrowed = team.is_some() || !filter.is_empty();
            let rows = store.read(|state| {
                let mut builder = Builder {
                    state,
                    fitting: is_narrowed.then(|| with_parents(list, state, wanted)),
                    rollups,
                    closed,
                    rows: Vec::new(),
                };
                let is_top = |item: &&Arc<Item>| {
                    let parent = item.parent.and_then(|parent| state.item(parent));
                    parent.is_none()
                };
                list.iter()
                    .filter(is_top)
                    .for_each(|item| builder.add(item, 0));
                builder.rows
            });
            TreeModel { rows }
        },
    )
}
