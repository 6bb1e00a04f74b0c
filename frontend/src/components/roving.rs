//! The one item of a list that the keyboard is at: it alone is a stop of the tab key, and it has the focus.

use std::{cell::Cell, rc::Rc};

use gloo::timers::callback::Timeout;
use shared_types::value::ItemId;
use yew::prelude::*;

use super::focus::{focus, is_lost};

/// How often what has the focus next is looked for, once in a frame: a windowed list may have to scroll to it first.
const TRIES: u32 = 7;

/// See the module.
#[derive(Clone)]
pub struct Roving {
    drawn: UseStateHandle<Option<ItemId>>,
    newest: Rc<Cell<Option<ItemId>>>,
    element: fn(ItemId) -> String,
}

/// The item that the keyboard is at in the list of the component; `element` gives the id of an item's element.
#[hook]
pub fn use_roving(element: fn(ItemId) -> String) -> Roving {
    let newest = use_memo((), |()| Cell::new(None));
    Roving {
        drawn: use_state_eq(|| None),
        newest,
        element,
    }
}

impl Roving {
    /// As it was drawn last.
    pub fn drawn(&self) -> Option<ItemId> {
        *self.drawn
    }

    /// Where the last key led, drawn or not. The next key goes on from there: a key that is held down comes faster than
    /// a long list is drawn.
    pub fn newest(&self) -> Option<ItemId> {
        self.newest.get()
    }

    /// The focus has come to an item.
    pub fn set(&self, id: ItemId) {
        self.newest.set(Some(id));
        self.drawn.set(Some(id));
    }

    /// Takes the focus to an item as soon as that is drawn.
    pub fn go(&self, id: ItemId) {
        self.set(id);
        self.focus_soon(id, TRIES);
    }

    /// Takes the focus back to the item if it was lost: what goes elsewhere is drawn anew there.
    pub fn regain(&self) {
        if let Some(id) = self.newest().filter(|_| is_lost()) {
            self.focus_soon(id, TRIES);
        }
    }

    fn focus_soon(&self, id: ItemId, tries: u32) {
        let roving = self.clone();
        Timeout::new(16, move || {
            // A later key leads elsewhere.
            if roving.newest() != Some(id) {
                return;
            }
            let element = gloo::utils::document().get_element_by_id(&(roving.element)(id));
            match element {
                Some(element) => focus(&element),
                None if tries > 1 => roving.focus_soon(id, tries - 1),
                None => {}
            }
        })
        .forget();
    }
}
