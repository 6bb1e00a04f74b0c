//! Items by name that no followed topic shows: an event may know no more of one than its id.

use std::sync::Arc;

use shared_types::{model::Item, value::ItemId};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{Store, use_select, use_store};
use crate::net::rest;

/// An item, asked for once if nothing shows it; none while it is on its way, or if it can't be had.
#[hook]
pub fn use_item(id: ItemId) -> Option<Arc<Item>> {
    let store = use_store();
    let item = use_select(move |state| {
        let asked = || state.asked.get(&id).and_then(Option::as_ref);
        state.item(id).or_else(asked).cloned()
    });
    use_effect_with((id, item.is_none()), move |(id, is_unknown)| {
        if *is_unknown {
            store.ask_item(*id);
        }
    });
    (*item).clone()
}

impl Store {
    fn ask_item(&self, id: ItemId) {
        if self.update(|state| state.asked.insert(id, None)).is_some() {
            return;
        }
        let store = self.clone();
        spawn_local(async move {
            // What is deleted has no name to show, and its own page says so.
            if let Ok(item) = rest::get(&format!("/items/{id}")).await {
                store.update(|state| state.asked.insert(id, Some(item)));
            }
        });
    }
}
