//! The tab with the connection.

use std::rc::Rc;

use super::{
    super::{
        driver::Driver,
        locks::{self, How},
    },
    Names, Tabs, ToAll, ToLeader,
};
use crate::{
    net::tab_lock,
    store::{Line, TopicState, preference_named},
};

/// A clock that has stood still for so long can't look after a connection.
const ASLEEP_MS: f64 = 3_000.0;

impl Tabs {
    /// This tab has the connection from here on.
    pub(super) fn lead(&self) {
        // Whatever the clock says, later than the one before.
        let term = js_sys::Date::now().max(self.term.get() + 1.0);
        self.term.set(term);
        let preference = self.store.read(|state| state.settings().preference);
        let names: Vec<String> = self.names.borrow().keys().cloned().collect();
        let me = self.me.clone();
        let driver = Driver::start(preference, &names, move |update| {
            if let Some(tabs) = me.upgrade() {
                tabs.post_update(&update);
                tabs.store.receive(update);
            }
        });
        let path = self.path.borrow().clone();
        driver.look(&path);
        self.driver.replace(Some(driver));
        self.topics.take();
        self.tell(None, ToAll::NewLeader);
    }

    /// Another tab has taken the connection over: this one was silent for too long. Whether it had it still.
    pub(super) fn step_down(&self) -> bool {
        let had_it = self.driver.take().is_some();
        if had_it {
            let others = self.others.take();
            let names = others.values().flat_map(Names::keys);
            names.for_each(|name| self.store.hold(name, false));
            self.hear_leader();
            self.greet();
            self.run_for_leader(How::Wait);
        }
        had_it
    }

    /// Does what another tab asks for.
    pub(super) fn serve(&self, driver: &Rc<Driver>, from: &str, message: ToLeader) {
        if js_sys::Date::now() - self.ticked_at.get() > ASLEEP_MS {
            return self.tell(Some(from.to_owned()), ToAll::Asleep);
        }
        let is_new = !self.others.borrow().contains_key(from);
        self.others.borrow_mut().entry(from.to_owned()).or_default();
        if is_new {
            self.forget_when_gone(from);
        }
        match message {
            ToLeader::Hello | ToLeader::Ask => self.greet_follower(from),
            ToLeader::Follow(name) => {
                if let Some(names) = self.others.borrow_mut().get_mut(from) {
                    names.insert(name.clone(), ());
                }
                self.store.hold(&name, true);
                driver.follow(&name);
                self.send_beginning(from, &name, driver);
            }
            ToLeader::Unfollow(name) => {
                if let Some(names) = self.others.borrow_mut().get_mut(from) {
                    names.remove(&name);
                }
                self.unfollow_here(driver, &name);
            }
            ToLeader::Look(path) => driver.look(&path),
            ToLeader::Retry => driver.retry_now(),
            ToLeader::Choose(name) => driver.choose(preference_named(&name)),
        }
    }

    /// Follows a topic of this tab's own, which may be there already for another one.
    pub(super) fn follow_here(&self, driver: &Driver, requested: &str) {
        driver.follow(requested);
    }

    /// Follows it no longer, unless another tab does.
    pub(super) fn unfollow_here(&self, driver: &Driver, requested: &str) {
        let others = self
            .others
            .borrow()
            .values()
            .any(|names| names.contains_key(requested));
        if others {
            return;
        }
        self.store.hold(requested, false);
        if !self.names.borrow().contains_key(requested) {
            driver.unfollow(requested);
        }
    }

    fn greet_follower(&self, to: &str) {
        let live = self.store.read(|state| state.live().clone());
        self.tell(Some(to.to_owned()), ToAll::Live(Box::new(live)));
        self.tell(Some(to.to_owned()), ToAll::Who);
    }

    /// Says from where a topic can begin that this tab has already; one that it has not begins for all when it comes.
    fn send_beginning(&self, to: &str, name: &str, driver: &Driver) {
        let TopicState::Ready(topic) = self.store.read(|state| state.topic(name)) else {
            return;
        };
        self.tell(
            Some(to.to_owned()),
            ToAll::Resolved {
                requested: name.to_owned(),
                topic,
            },
        );
        if let Some(cursor) = driver.position_of(topic) {
            self.tell(Some(to.to_owned()), ToAll::Begin { topic, cursor });
        }
    }

    /// A tab holds a lock of its own for as long as it is there.
    fn forget_when_gone(&self, tab: &str) {
        let (me, tab) = (self.me.clone(), tab.to_owned());
        locks::hold_briefly(&tab_lock(&tab), move || {
            let Some(tabs) = me.upgrade() else { return };
            let names = tabs.others.borrow_mut().remove(&tab).unwrap_or_default();
            let driver = tabs.driver.borrow().clone();
            if let Some(driver) = driver {
                names
                    .keys()
                    .for_each(|name| tabs.unfollow_here(&driver, name));
            }
        });
    }

    /// Tells a new leader of this tab.
    pub(super) fn greet(&self) {
        self.tell_leader(ToLeader::Hello);
        let names: Vec<String> = self.names.borrow().keys().cloned().collect();
        names
            .into_iter()
            .for_each(|name| self.tell_leader(ToLeader::Follow(name)));
        let path = self.path.borrow().clone();
        self.look(&path);
    }
}
