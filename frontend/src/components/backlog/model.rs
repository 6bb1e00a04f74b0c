//! What the tree shows: a line for each item that is not under a closed one, parents before their children.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    sync::Arc,
};

use shared_types::{
    model::{Entity, Item, Rollup},
    topic::Topic,
    value::{ItemId, ProjectId, TeamId},
};
use yew::prelude::*;

use crate::{components::work::filter::Filter, store::use_select};

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

/// All lines, and where each item is.
#[derive(Debug, PartialEq)]
pub struct TreeModel {
    pub rows: Vec<Row>,
    places: BTreeMap<ItemId, usize>,
}

impl TreeModel {
    /// Which line an item is on.
    pub fn row_of(&self, id: ItemId) -> Option<usize> {
        self.places.get(&id).copied()
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
    children: BTreeMap<Option<ItemId>, Vec<&'a (Arc<Item>, Rollup)>>,
    shown: BTreeSet<ItemId>,
    closed: &'a BTreeSet<ItemId>,
    rows: Vec<Row>,
}

impl<'a> Builder<'a> {
    fn new(
        items: &'a [(Arc<Item>, Rollup)],
        wanted: impl Fn(&Item) -> bool,
        closed: &'a BTreeSet<ItemId>,
    ) -> Self {
        let by_id: BTreeMap<ItemId, &Arc<Item>> =
            items.iter().map(|(item, _)| (item.id(), item)).collect();
        // What is wanted, and all that it is a part of.
        let mut shown = BTreeSet::new();
        for (item, _) in items.iter().filter(|(item, _)| wanted(item)) {
            let mut next = Some(item);
            while let Some(item) = next.filter(|item| shown.insert(item.id())) {
                next = item.parent.and_then(|parent| by_id.get(&parent).copied());
            }
        }
        let mut children: BTreeMap<Option<ItemId>, Vec<&(Arc<Item>, Rollup)>> = BTreeMap::new();
        for line in items.iter().filter(|(item, _)| shown.contains(&item.id())) {
            let parent = line.0.parent.filter(|parent| by_id.contains_key(parent));
            children.entry(parent).or_default().push(line);
        }
        Self {
            children,
            shown,
            closed,
            rows: Vec::new(),
        }
    }

    fn add(&mut self, parent: Option<ItemId>, depth: usize) {
        for (item, rollup) in self.children.get(&parent).cloned().unwrap_or_default() {
            let id = item.id();
            let has_children = self.children.contains_key(&Some(id));
            let is_open = !self.closed.contains(&id);
            self.rows.push(Row {
                item: item.clone(),
                depth,
                has_children,
                is_open,
                rollup: *rollup,
            });
            if is_open && self.shown.contains(&id) {
                self.add(Some(id), depth + 1);
            }
        }
    }
}

/// The tree of a project, of a team, or of the organization's own items, kept up to date.
#[hook]
pub fn use_tree(
    project: Option<ProjectId>,
    team: Option<TeamId>,
    filter: Filter,
    closed: Rc<BTreeSet<ItemId>>,
) -> Rc<TreeModel> {
    let items = use_select(move |state| {
        let with_rollup = |item: &Arc<Item>| (item.clone(), state.rollup(Topic::Item(item.id())));
        state.items_in(project).map(with_rollup).collect::<Vec<_>>()
    });
    use_memo(
        (items, team, filter, closed),
        |(items, team, filter, closed)| {
            let wanted = |item: &Item| (team.is_none() || item.team == *team) && filter.lets(item);
            let mut builder = Builder::new(items, wanted, closed);
            builder.add(None, 0);
            let places = builder
                .rows
                .iter()
                .enumerate()
                .map(|(row, line)| (line.item.id(), row))
                .collect();
            TreeModel {
                rows: builder.rows,
                places,
            }
        },
    )
}
