//! A tab that is told by another one. It does not take the other's silence for peace.

use std::rc::Weak;

use gloo::timers::callback::Interval;

use super::{super::locks::How, Tabs, ToAll, ToLeader};
use crate::store::{Phase, Update};

/// How often a tab that is looked at asks whether its leader is there.
const ASK_MS: f64 = 8_000.0;
/// An answer that takes longer says that what is shown may be stale …
const LATE_MS: f64 = 4_000.0;
/// … and one that takes so long that somebody else has to take over.
const DEAD_MS: f64 = 9_000.0;

pub(super) fn clock(me: &Weak<Tabs>) -> Interval {
    let me = me.clone();
    Interval::new(1_000, move || {
        if let Some(tabs) = me.upgrade() {
            tabs.tick();
        }
    })
}

impl Tabs {
    pub(super) fn told(&self, message: ToAll) {
        match message {
            ToAll::Sent(write) => self.store.sent_elsewhere(write),
            // What a leader hears of another one is old.
            _ if self.driver.borrow().is_some() => {}
            ToAll::NewLeader => {
                self.hear_leader();
                self.greet();
            }
            ToAll::Update(update) => {
                self.hear_leader();
                self.store.receive(match *update {
                    Update::Live(mut live) => {
                        live.shared = true;
                        Update::Live(live)
                    }
                    other => other,
                });
            }
        }
    }

    fn hear_leader(&self) {
        self.heard_at.set(js_sys::Date::now());
        self.asked_at.set(0.0);
    }

    fn tick(&self) {
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
            self.wait_to_lead(How::Steal);
        } else if now - asked_at > LATE_MS {
            let mut live = self.store.read(|state| state.live().clone());
            live.phase = Phase::Stale {
                since: self.heard_at.get(),
            };
            self.store.receive(Update::Live(Box::new(live)));
        }
    }
}
