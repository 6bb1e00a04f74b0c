//! Moving cards: where something would drop, and the one `move` that puts each card there.

use std::sync::Arc;

use shared_types::{
    command::{MoveItem, Patch},
    model::{Entity, Item, Status},
    topic::Ref,
    value::ItemId,
};

use super::{keyboard::Direction, model::BoardModel};
use crate::{
    components::{
        board::column::PITCH, order::ordered, status::status_label, work::drag::element_at,
    },
    store::Store,
};

/// A place between the cards of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    pub status: Status,
    /// How many cards of the column are above it.
    pub index: usize,
}

impl Spot {
    /// What is under a point of the window.
    pub fn at(model: &BoardModel, x: f64, y: f64) -> Option<Self> {
        let column = element_at(x, y)?.closest("[data-status]").ok()??;
        let name = column.get_attribute("data-status")?;
        let status = Status::OF_TASK
            .into_iter()
            .find(|status| status.as_str() == name)?;
        let track = column.query_selector(".virtual-track").ok()??;
        let from_top = y - track.get_bounding_client_rect().top();
        let index = (from_top / f64::from(PITCH)).round().max(0.0) as usize;
        Some(Self {
            status,
            index: index.min(model.column(status)?.items.len()),
        })
    }
}

/// Puts tasks at a spot, in the order they have.
pub fn drop_at(store: &Store, model: &BoardModel, ids: &[ItemId], spot: Spot) {
    let Some(column) = model.column(spot.status) else {
        return;
    };
    let moved: Vec<&Arc<Item>> = ids.iter().filter_map(|id| model.item(*id)).collect();
    let moved = ordered(moved, |item| {
        let (column, row) = model.place_of(item.id()).unwrap_or_default();
        format!("{column}:{row:06}")
    });
    let stays = |item: &&Arc<Item>| !ids.contains(&item.id());
    let before = column.items[spot.index..]
        .iter()
        .find(stays)
        .map(|item| item.id());
    let mut after = column.items[..spot.index]
        .iter()
        .rev()
        .find(stays)
        .map(|item| item.id());
    // Dropped where it was: nothing to say.
    let in_place = |item: &Arc<Item>| {
        let place = model.place_of(item.id());
        let row = column
            .items
            .iter()
            .position(|other| other.id() == item.id());
        place.is_some() && row.is_some_and(|row| row == spot.index || row + 1 == spot.index)
    };
    if let [only] = moved.as_slice()
        && in_place(only)
    {
        return;
    }
    let what = format!("Move {} tasks", moved.len());
    let act = |store: &Store| {
        for item in &moved {
            let status = if item.status == spot.status {
                Patch::Keep
            } else {
                Patch::Set(spot.status)
            };
            let mut to = MoveItem {
                status,
                ..MoveItem::default()
            };
            match (after, before) {
                (Some(after), _) => to.after = Some(Ref::Id(after)),
                (None, Some(before)) => to.before = Some(Ref::Id(before)),
                (None, None) => {}
            }
            store.move_item(item.id(), to);
            after = Some(item.id());
        }
    };
    batch(store, moved.len(), &what, act);
}

fn batch(store: &Store, count: usize, what: &str, act: impl FnOnce(&Store)) {
    if count == 1 {
        act(store)
    } else {
        store.batch(what, act)
    }
}

/// Moves tasks one step; says in words what has become of it.
pub fn step(
    store: &Store,
    model: &BoardModel,
    ids: &[ItemId],
    lead: ItemId,
    direction: Direction,
) -> Option<String> {
    let (column, row) = model.place_of(lead)?;
    let status = model.columns[column].status;
    let spot = match direction {
        Direction::Up => Spot {
            status,
            index: row.checked_sub(1)?,
        },
        Direction::Down if row + 1 < model.columns[column].items.len() => Spot {
            status,
            index: row + 2,
        },
        Direction::Down => return None,
        Direction::Left | Direction::Right => {
            let step = if direction == Direction::Left { -1 } else { 1 };
            let next = model.columns.get(column.checked_add_signed(step)?)?;
            Spot {
                status: next.status,
                index: row.min(next.items.len()),
            }
        }
    };
    drop_at(store, model, ids, spot);
    let key = model
        .item(lead)
        .map(|item| item.key.to_string())
        .unwrap_or_default();
    let place = spot.index + usize::from(direction != Direction::Down);
    Some(format!(
        "{key} moved to {}, place {place}",
        status_label(spot.status)
    ))
}
