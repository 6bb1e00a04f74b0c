//! What the board shows: columns of tasks in the order of their ranks.

use std::{rc::Rc, sync::Arc};

use shared_types::{
    model::{Entity, Item, ItemKind, Status},
    value::{ItemId, ProjectId, TeamId},
    view::ById,
};
use yew::prelude::*;

use crate::{
    components::work::filter::Filter,
    store::{ItemList, use_select, use_store},
};

/// One column.
#[derive(Debug)]
pub struct ColumnModel {
    pub status: Status,
    pub items: Vec<Arc<Item>>,
}

/// All columns as they were at one moment. Two are equal if they are one: comparing all their tasks would cost more than
/// drawing those that are seen.
#[derive(Debug)]
pub struct BoardModel {
    pub columns: Vec<ColumnModel>,
    /// All items by id: where tasks are, their parents and dependencies.
    all: ById<Item>,
}

impl PartialEq for BoardModel {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl BoardModel {
    fn new(list: &ItemList, all: ById<Item>, team: Option<TeamId>, filter: &Filter) -> Self {
        let mut columns: Vec<ColumnModel> = Status::OF_TASK
            .iter()
            .map(|status| ColumnModel {
                status: *status,
                items: Vec::new(),
            })
            .collect();
        let tasks = list
            .iter()
            .filter(|item| item.kind == ItemKind::Task && (team.is_none() || item.team == team));
        for item in tasks.filter(|item| filter.lets(item)) {
            let of_status = |column: &&mut ColumnModel| column.status == item.status;
            if let Some(column) = columns.iter_mut().find(of_status) {
                column.items.push(item.clone());
            }
        }
        Self { columns, all }
    }

    /// Whether it shows no task at all.
    pub fn is_empty(&self) -> bool {
        self.columns.iter().all(|column| column.items.is_empty())
    }

    /// Column and row of a task.
    pub fn place_of(&self, id: ItemId) -> Option<(usize, usize)> {
        let task = self.all.get(&id)?;
        let of_status = |column: &ColumnModel| column.status == task.status;
        let column = self.columns.iter().position(of_status)?;
        // They stand in the order of their ranks, and some are left out by the filter.
        let wanted = (&task.rank, id);
        let items = &self.columns[column].items;
        let row = items.binary_search_by(|item| (&item.rank, item.id()).cmp(&wanted));
        Some((column, row.ok()?))
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
    let store = use_store();
    let list = use_select(move |state| state.item_list(Some(project)));
    use_memo((list, team, filter), move |(list, team, filter)| {
        let all = store.read(|state| state.items_now());
        BoardModel::new(list, all, *team, filter)
    })
}
