//! Moving items in the tree: among their siblings, and under another parent.

use shared_types::{
    command::{MoveItem, Patch},
    model::{Entity, Item},
    topic::Ref,
    value::ItemId,
};
use web_sys::Element;

use super::{PITCH, Tree, can_hold};
use crate::{
    components::{board::keyboard::Direction, work::drag::element_at},
    store::Store,
};

/// Where something would drop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spot {
    Before(ItemId),
    After(ItemId),
    /// Under it, as its last child.
    Into(ItemId),
}

impl Spot {
    /// What is under a point of the window: the edges of a line are between it and its neighbours, its middle is it.
    pub fn at(model: &Tree, tree: &Element, x: f64, y: f64) -> Option<Self> {
        if !tree.contains(Some(element_at(x, y)?.as_ref())) {
            return None;
        }
        let track = tree.query_selector(".virtual-track").ok()??;
        let lines = (y - track.get_bounding_client_rect().top()) / f64::from(PITCH);
        let row = model
            .rows
            .get((lines.max(0.0) as usize).min(model.rows.len().checked_sub(1)?))?;
        let id = row.item.id();
        Some(match lines.fract() {
            _ if lines >= model.rows.len() as f64 => Spot::After(id),
            ..0.3 => Spot::Before(id),
            0.7.. => Spot::After(id),
            _ => Spot::Into(id),
        })
    }

    fn target(self) -> ItemId {
        match self {
            Spot::Before(id) | Spot::After(id) | Spot::Into(id) => id,
        }
    }
}

/// Where a spot puts an item: its new parent, if it is a possible one, and its neighbour.
fn place(item: &Item, target: &Item, spot: Spot) -> Option<MoveItem> {
    let mut to = MoveItem::default();
    let into = can_hold(target.kind, item.kind);
    let parent = match spot {
        // The middle of a line that can't hold it, and the edge of one that is no sibling, mean the other thing.
        _ if into
            && (matches!(spot, Spot::Into(_))
                || target.kind != item.kind && item.parent != target.parent) =>
        {
            Some(target.id())
        }
        Spot::Before(id) => {
            to.before = Some(Ref::Id(id));
            target.parent
        }
        Spot::After(id) | Spot::Into(id) => {
            to.after = Some(Ref::Id(id));
            target.parent
        }
    };
    let possible = parent.is_none() || parent == Some(target.id()) || target.kind == item.kind;
    if parent != item.parent {
        to.parent = Patch::Set(parent.map(Ref::Id));
    }
    (possible && to != MoveItem::default()).then_some(to)
}

/// Puts items at a spot, those that fit there.
pub fn drop_at(store: &Store, model: &Tree, ids: &[ItemId], spot: Spot) {
    let item = |id: ItemId| Some(model.rows.get(model.row_of(id)?)?.item.clone());
    if ids.contains(&spot.target()) {
        return;
    }
    let Some(target) = item(spot.target()) else {
        return;
    };
    let moves: Vec<(ItemId, MoveItem)> = ids
        .iter()
        .filter_map(|id| Some((*id, place(&*item(*id)?, &target, spot)?)))
        .collect();
    match moves.as_slice() {
        [] => store.update(|state| {
            state
                .toasts
                .tell("It does not fit there: epics hold features, features hold tasks.")
        }),
        [(id, to)] => store.move_item(*id, to.clone()),
        many => store.batch(&format!("Move {} items", many.len()), |store| {
            many.iter()
                .for_each(|(id, to)| store.move_item(*id, to.clone()));
        }),
    }
}

/// Moves an item one step: up and down among its siblings, left out of its parent, right into the nearest
/// one above (or else below).
pub fn step(store: &Store, model: &Tree, id: ItemId, direction: Direction) -> Option<String> {
    let row = model.row_of(id)?;
    let item = &model.rows.get(row)?.item;
    let sibling = |other: &&super::model::Row| {
        other.item.parent == item.parent && other.item.kind == item.kind
    };
    let (spot, words) = match direction {
        Direction::Up => {
            let other = model.rows[..row].iter().rev().find(sibling)?;
            (
                Spot::Before(other.item.id()),
                format!("before {}", other.item.key),
            )
        }
        Direction::Down => {
            let other = model.rows[row + 1..].iter().find(sibling)?;
            (
                Spot::After(other.item.id()),
                format!("after {}", other.item.key),
            )
        }
        Direction::Right => {
            let fits = |other: &&super::model::Row| {
                can_hold(other.item.kind, item.kind) && item.parent != Some(other.item.id())
            };
            let above = model.rows[..row].iter().rev().find(fits);
            let other = above.or_else(|| model.rows[row..].iter().find(fits))?;
            (
                Spot::Into(other.item.id()),
                format!("into {}", other.item.key),
            )
        }
        Direction::Left => {
            item.parent?;
            store.move_item(
                id,
                MoveItem {
                    parent: Patch::Set(None),
                    ..MoveItem::default()
                },
            );
            return Some(format!("{} moved out of its parent", item.key));
        }
    };
    drop_at(store, model, &[id], spot);
    Some(format!("{} moved {words}", item.key))
}
