//! What the board shows: columns of tasks in the order of their ranks.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use shared_types::{
    model::{Entity, Item, ItemKind, Status},
    value::{ItemId, ProjectId, TeamId},
};
use yew::prelude::*;

use crate::{components::work::filter::Filter, store::use_select};

/// One column.
#[derive(Debug, PartialEq)]
pub struct ColumnModel {
    pub status: Status,
    pub items: Vec<Arc<Item>>,
}

/// All columns, and where each task is.
#[derive(Debug, PartialEq)]
pub struct BoardModel {
    pub columns: Vec<ColumnModel>,
    places: BTreeMap<ItemId, (usize, usize)>,
    /// All items of the project by id: parents and dependencies.
    all: BTreeMap<ItemId, Arc<Item>>,
}

impl BoardModel {
    fn new(all: &[Arc<Item>], team: Option<TeamId>, filter: &Filter) -> Self {
        let mut columns: Vec<ColumnModel> = Status::OF_TASK
            .iter()
            .map(|status| ColumnModel {
                status: *status,
                items: Vec::new(),
            })
            .collect();
        let mut places = BTreeMap::new();
        let tasks = all
            .iter()
            .filter(|item| item.kind == ItemKind::Task && (team.is_none() || item.team == team));
        for item in tasks.filter(|item| filter.lets(item)) {
            if let Some(column) = columns
                .iter()
                .position(|column| column.status == item.status)
            {
                places.insert(item.id(), (column, columns[column].items.len()));
                columns[column].items.push(item.clone());
            }
        }
        Self {
            columns,
            places,
            all: all.iter().map(|item| (item.id(), item.clone())).collect(),
        }
    }

    /// Whether it shows no task at all.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Column and row of a task.
    pub fn place_of(&self, id: ItemId) -> Option<(usize, usize)> {
        self.places.get(&id).copied()
    }

    /// A task of the board.
    pub fn item(&self, id: ItemId) -> Option<&Arc<Item>> {
        let (column, row) = self.place_of(id)?;
        self.columns.get(column)?.items.get(row)
    }

    /// What a task is a part of.
    pub fn parent_of(&self, item: &Item) -> Option<&Arc<Item>> {
        self.all.get(&item.parent?)
    }

    /// Whether something it depends on is not done yet.
    pub fn is_blocked(&self, item: &Item) -> bool {
        let waits = |id| {
            self.all
                .get(id)
                .is_some_and(|other| !other.status.is_over())
        };
        !item.status.is_over() && item.depends_on.iter().any(waits)
    }

    /// The column of a status.
    pub fn column(&self, status: Status) -> Option<&ColumnModel> {
        self.columns.iter().find(|column| column.status == status)
    }

    /// The task so many columns and rows away; empty columns are passed over. From nowhere: the first one.
    pub fn neighbour(&self, at: Option<ItemId>, columns: isize, rows: isize) -> Option<ItemId> {
        let Some((mut column, row)) = at.and_then(|id| self.place_of(id)) else {
            return self
                .columns
                .iter()
                .find_map(|column| column.items.first())
                .map(|item| item.id());
        };
        if columns == 0 {
            return Some(
                self.columns[column]
                    .items
                    .get(row.checked_add_signed(rows)?)?
                    .id(),
            );
        }
        loop {
            column = column.checked_add_signed(columns)?;
            let items = &self.columns.get(column)?.items;
            if let Some(item) = items.get(row).or_else(|| items.last()) {
                return Some(item.id());
            }
        }
    }
}

/// The board of a project or a team, kept up to date.
#[hook]
pub fn use_board(project: ProjectId, team: Option<TeamId>, filter: Filter) -> Rc<BoardModel> {
    let all = use_select(move |state| state.items_in(Some(project)).cloned().collect::<Vec<_>>());
    use_memo((all, team, filter), |(all, team, filter)| {
        BoardModel::new(all, *team, filter)
    })
}
