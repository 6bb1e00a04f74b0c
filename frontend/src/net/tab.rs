//! Which tab this is, and what tabs that are gone have left.

use std::{cell::Cell, rc::Rc};

use gloo::storage::{LocalStorage, SessionStorage, Storage};
use uuid::Uuid;

use super::locks::{self, How};
use crate::store::{OUTBOX, Store};

const TAB: &str = "devteam.tab";

/// The lock that a tab holds while it is there.
pub fn tab_lock(id: &str) -> String {
    format!("devteam.tab.{id}")
}

/// Finds out which tab this is: the same after it is loaded again, another one where it was duplicated. It is known when
/// its lock is held: by that the others tell that it is there.
pub fn identify(known: impl FnOnce(String) + 'static) {
    let kept = SessionStorage::raw().get_item(TAB).ok().flatten();
    claim(kept.unwrap_or_else(fresh), Box::new(known));
}

fn claim(id: String, known: Box<dyn FnOnce(String)>) {
    if !locks::are_there() {
        return known(id);
    }
    let known = Cell::new(Some(known));
    locks::hold(
        &tab_lock(&id.clone()),
        How::IfFree,
        move |is_ours| match known.take() {
            Some(known) if is_ours => known(id.clone()),
            Some(known) => claim(fresh(), known),
            None => {}
        },
    );
}

fn fresh() -> String {
    let id = Uuid::new_v4().to_string();
    // Without a storage it is another tab each time it is loaded.
    let _ = SessionStorage::raw().set_item(TAB, &id);
    id
}

/// Takes over the writes that waited in tabs that are gone.
pub fn inherit(store: &Store) {
    if !locks::are_there() {
        return;
    }
    let storage = LocalStorage::raw();
    let names =
        (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok().flatten());
    let left: Vec<String> = names
        .filter_map(|name| name.strip_prefix(OUTBOX).map(ToOwned::to_owned))
        .collect();
    for tab in left {
        let (store, key) = (store.clone(), format!("{OUTBOX}{tab}"));
        let once = Rc::new(Cell::new(false));
        locks::hold(&tab_lock(&tab), How::IfFree, move |is_gone| {
            if is_gone && !once.replace(true) {
                let taken = key.clone();
                store.take_unsent(&key, move |_| LocalStorage::delete(taken));
            }
        });
    }
}
