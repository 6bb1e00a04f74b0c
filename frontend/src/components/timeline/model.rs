//! What the timeline shows: the lines of the backlog that have a time, and from which day to which.

use std::{collections::BTreeMap, sync::Arc};

use shared_types::{
    model::{Entity, Item, ItemKind, Status},
    value::ItemId,
};

use crate::components::{backlog::model::Row, time::day_of};

/// Days since 1970, both of them within.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub from: i64,
    pub to: i64,
}

impl Span {
    fn with(self, other: Span) -> Span {
        Span {
            from: self.from.min(other.from),
            to: self.to.max(other.to),
        }
    }
}

/// How far down the tree it goes.
pub fn depth_of(kind: ItemKind) -> usize {
    match kind {
        ItemKind::Epic => 0,
        ItemKind::Feature => 1,
        ItemKind::Task => 2,
    }
}

/// When everything is: a task by itself, an epic or feature by what is under it, and each until it is due.
pub fn spans(items: &[Arc<Item>], today: i64) -> BTreeMap<ItemId, Span> {
    let by_id: BTreeMap<ItemId, &Arc<Item>> = items.iter().map(|item| (item.id(), item)).collect();
    let mut spans = BTreeMap::new();
    for item in items {
        let Some(span) = own_span(item, today) else {
            continue;
        };
        let mut next = Some(item);
        while let Some(item) = next {
            spans
                .entry(item.id())
                .and_modify(|known: &mut Span| *known = known.with(span))
                .or_insert(span);
            next = item.parent.and_then(|id| by_id.get(&id).copied());
        }
    }
    spans
}

/// From the day it was made until it was done, or is due; what is under way or overdue goes on until today.
fn own_span(item: &Item, today: i64) -> Option<Span> {
    let from = day_of(item.stamp.created_at);
    let due = item.due.map(|due| due.days());
    let to = match item.status {
        Status::Cancelled => return None,
        Status::Done | Status::Closed => day_of(item.stamp.updated_at),
        Status::InProgress | Status::InReview => due.map_or(today, |due| due.max(today)),
        Status::Backlog | Status::Todo | Status::Open => due?.max(today),
    };
    // An epic is made before it begins: that is when the first thing under it was made.
    let from = if item.kind == ItemKind::Task {
        from
    } else {
        to
    };
    Some(Span {
        from: from.min(to),
        to,
    })
}

/// The lines that have a time, down to a kind of item.
pub fn lines(rows: &[Row], spans: &BTreeMap<ItemId, Span>, down_to: usize) -> Vec<(Row, Span)> {
    let has_time = |row: &Row| {
        let span = spans.get(&row.item.id())?;
        (depth_of(row.item.kind) <= down_to).then(|| (row.clone(), *span))
    };
    rows.iter().filter_map(has_time).collect()
}
