//! The network: REST calls, and the live line that feeds the store.

mod driver;
mod locks;
mod poll;
pub mod rest;
mod signal;
mod snapshot;
mod socket;
mod sse;
mod tab;
mod tabs;

use std::rc::Rc;

use driver::Driver;
use shared_types::sync::Preference;
use tabs::Tabs;

use crate::store::{Line, Store};

pub use tab::tab_lock;

impl Line for Driver {
    fn follow(&self, requested: &str) {
        Driver::follow(self, requested);
    }

    fn unfollow(&self, requested: &str) {
        Driver::unfollow(self, requested);
    }

    fn look(&self, path: &str) {
        Driver::look(self, path);
    }

    fn retry_now(&self) {
        Driver::retry_now(self);
    }

    fn choose(&self, preference: Preference) {
        Driver::choose(self, preference);
    }

    fn sent(&self, _: uuid::Uuid) {}
}

/// Connects the store to the server, and goes on with what this tab had not sent.
pub fn connect(store: &Store) {
    let store = store.clone();
    tab::identify(move |id| {
        store.own_outbox(&id);
        let line: Rc<dyn Line> = match Tabs::start(&store, id) {
            Some(tabs) => tabs,
            None => {
                let preference = store.read(|state| state.settings().preference);
                let sink = store.clone();
                Driver::start(preference, &[], move |update| sink.receive(update))
            }
        };
        store.connect(line);
        tab::inherit(&store);
    });
}
