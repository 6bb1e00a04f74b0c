//! A tab that is told by another one. It does not take the other's silence for peace.

use std::rc::Weak;

use gloo::timers::callback::Interval;

use super::{super::locks::How, Tabs, ToAll, ToLeader};
use crate::store::{Phase, Update};

/// How often a tab that is looked at asks whether its leader is there.
const ASK_MS: f64 = 3_000.0;
/// An answer that takes longer says that what is shown may be stale …
const LATE_MS: f64 = 2_000.0;
/// … and one that takes so long that somebody else has to take over.
const DEAD_MS: f64 = 5_000.0;

pub(super) fn clock(me: &Weak<Tabs>) -> Interval {
    let me = me.clone();
    Interval::new(1_000, move || {
        if let Some(tabs) = me.upgrade() {
            tabs.tick();
        }
    })
}

impl Tabs {
    pub(super) fn told(&self, term: f64, message: ToAll) {
        // A leader that hung goes on, when it wakes up, with what it had still to say: nobody listens to it any more.
        if term < self.term.get() {
            return;
        }
        // Where it is this tab that hung, it introduces itself as it steps down.
        let is_greeted = term > self.term.replace(term) && self.step_down();
        self.hear_leader();
        match message {
            // What it has still to say is of no use.
            ToAll::Asleep if !gloo::utils::document().hidden() => {
                self.term.set(term + 1.0);
                self.run_for_leader(How::Steal);
            }
            ToAll::Asleep => {}
            ToAll::NewLeader if is_greeted => {}
            ToAll::NewLeader => self.greet(),
            told => self.take_in(told),
        }
    }

    pub(super) fn hear_leader(&self) {
        self.heard_at.set(js_sys::Date::now());
        self.asked_at.set(0.0);
    }

    fn tick(&self) {
        self.ticked_at.set(js_sys::Date::now());
        // A hidden tab's clock is slowed down by the browser, and nobody sees what it would say.
        if self.driver.borrow().is_some() || gloo::utils::document().hidden() {
            self.asked_at.set(0.0);
            return;
        }
        let now = js_sys::Date::now();
        let asked_at = self.asked_at.get();
        if asked_at == 0.0 {
            if now - self.heard_at.get() > ASK_MS {
                self.asked_at.set(now);
                self.tell_leader(ToLeader::Ask);
            }
        } else if now - asked_at > DEAD_MS {
            self.asked_at.set(0.0);
            self.run_for_leader(How::Steal);
        } else if now - asked_at > LATE_MS {
            let mut live = self.store.read(|state| state.live().clone());
            live.phase = Phase::Stale {
                since: self.heard_at.get(),
            };
            self.store.receive(Update::Live(Box::new(live)));
        }
    }
}
