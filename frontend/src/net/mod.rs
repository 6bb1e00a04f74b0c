//! The network: REST calls, and the live line that feeds the store.

mod driver;
mod poll;
pub mod rest;
mod signal;
mod socket;
mod sse;

use std::rc::Rc;

use driver::Driver;
use shared_types::sync::Preference;

use crate::store::{Line, Store};

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
}

/// Connects the store to the server.
pub fn connect(store: &Store) {
    let preference = store.read(|state| state.settings().preference);
    let sink = store.clone();
    let driver: Rc<Driver> = Driver::start(preference, &[], move |update| sink.receive(update));
    store.connect(driver);
}
