//! One live connection for all tabs of the browser: the tab that holds a lock has it, and tells the others over a channel.
//! Without that a few tabs on SSE would use up the six connections that a browser opens to a host.

mod follower;
mod leader;
mod message;
mod topics;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use gloo::{events::EventListener, timers::callback::Interval};
use litemap::LiteMap;
use shared_types::sync::Preference;
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, MessageEvent};

use self::{
    message::{ToAll, ToLeader, Wire},
    topics::Topics,
};
use super::{
    driver::Driver,
    locks::{self, How},
};
use crate::store::{Line, Store, Update, preference_name};

const CHANNEL: &str = "devteam";
const LEADER: &str = "devteam.leader";

/// A set of topics' names.
type Names = LiteMap<String, ()>;

/// This tab's end of the line.
pub struct Tabs {
    store: Store,
    /// Who this is to the other tabs.
    id: String,
    channel: BroadcastChannel,
    /// Where this tab has the connection.
    driver: RefCell<Option<Rc<Driver>>>,
    /// What this tab follows.
    names: RefCell<Names>,
    /// What the others follow through this one, by tab.
    others: RefCell<LiteMap<String, Names>>,
    /// As a follower: the topics, as far as they have begun here.
    topics: RefCell<Topics>,
    /// As a follower: when the leader was last heard, and asked.
    heard_at: Cell<f64>,
    asked_at: Cell<f64>,
    /// When this tab's clock last ticked: the browser stops it in a tab that is frozen, and slows it down in a hidden one.
    ticked_at: Cell<f64>,
    /// When the leader took over, as far as it is known; this tab's own time, where it leads.
    term: Cell<f64>,
    /// How often this tab was given the connection: a lock of an earlier time that is lost means nothing.
    grants: Cell<u64>,
    path: RefCell<String>,
    me: Weak<Tabs>,
    _listener: EventListener,
    _clock: Interval,
}

impl Tabs {
    /// Connects the store, through another tab if one has the connection already; none where tabs can't find each other.
    pub fn start(store: &Store, id: String) -> Option<Rc<Self>> {
        if !locks::are_there() {
            return None;
        }
        let channel = BroadcastChannel::new(CHANNEL).ok()?;
        let tabs = Rc::new_cyclic(|me: &Weak<Tabs>| Self {
            store: store.clone(),
            id,
            _listener: listen(&channel, me),
            channel,
            driver: RefCell::default(),
            names: RefCell::default(),
            others: RefCell::default(),
            topics: RefCell::default(),
            heard_at: Cell::new(js_sys::Date::now()),
            asked_at: Cell::new(0.0),
            ticked_at: Cell::new(js_sys::Date::now()),
            term: Cell::new(0.0),
            grants: Cell::new(0),
            path: RefCell::default(),
            me: me.clone(),
            _clock: follower::clock(me),
        });
        tabs.run_for_leader(How::IfFree);
        Some(tabs)
    }

    /// Asks for the connection, and gives it up when it is taken away.
    fn run_for_leader(&self, how: How) {
        let me = self.me.clone();
        let ours = Cell::new(0);
        locks::hold(LEADER, how, move |has| {
            let Some(tabs) = me.upgrade() else { return };
            if has {
                ours.set(tabs.grants.get() + 1);
                tabs.grants.set(ours.get());
                tabs.lead();
            } else if ours.get() > 0 {
                if ours.get() == tabs.grants.get() {
                    tabs.step_down();
                }
            } else if how == How::IfFree {
                tabs.tell_leader(ToLeader::Hello);
                tabs.run_for_leader(How::Wait);
            }
        });
    }

    fn hear(&self, text: &str) {
        match Wire::read(text) {
            Some(Wire::ToLeader { from, message }) if from != self.id => {
                let driver = self.driver.borrow().clone();
                if let Some(driver) = driver {
                    self.serve(&driver, &from, message);
                }
            }
            Some(Wire::ToAll { to, term, message })
                if to.as_ref().is_none_or(|to| *to == self.id) =>
            {
                self.told(term, message)
            }
            Some(Wire::Sent(write)) => self.store.sent_elsewhere(write),
            // Another tab's, or of another version of the app.
            _ => {}
        }
    }

    fn tell_leader(&self, message: ToLeader) {
        self.post(Wire::ToLeader {
            from: self.id.clone(),
            message,
        });
    }

    /// As the leader.
    fn tell(&self, to: Option<String>, message: ToAll) {
        let term = self.term.get();
        self.post(Wire::ToAll { to, term, message });
    }

    fn post(&self, message: Wire) {
        // A channel that is open takes any text.
        let _ = self.channel.post_message(&message.write().into());
    }

    /// Tells the other tabs, if there are any that listen to this one.
    fn post_update(&self, update: &Update) {
        if !self.others.borrow().is_empty() {
            self.tell(None, update.into());
        }
    }
}

fn listen(channel: &BroadcastChannel, me: &Weak<Tabs>) -> EventListener {
    let me = me.clone();
    EventListener::new(channel, "message", move |event| {
        let text = event
            .dyn_ref::<MessageEvent>()
            .and_then(|event| event.data().as_string());
        if let (Some(tabs), Some(text)) = (me.upgrade(), text) {
            tabs.hear(&text);
        }
    })
}

impl Line for Tabs {
    fn follow(&self, requested: &str) {
        self.names.borrow_mut().insert(requested.to_owned(), ());
        let driver = self.driver.borrow().clone();
        match driver {
            Some(driver) => self.follow_here(&driver, requested),
            None => self.tell_leader(ToLeader::Follow(requested.to_owned())),
        }
    }

    fn unfollow(&self, requested: &str) {
        self.names.borrow_mut().remove(requested);
        let driver = self.driver.borrow().clone();
        match driver {
            Some(driver) => self.unfollow_here(&driver, requested),
            None => self.tell_leader(ToLeader::Unfollow(requested.to_owned())),
        }
    }

    fn look(&self, path: &str) {
        path.clone_into(&mut self.path.borrow_mut());
        let driver = self.driver.borrow().clone();
        match driver {
            Some(driver) => driver.look(path),
            None => self.tell_leader(ToLeader::Look(path.to_owned())),
        }
    }

    fn retry_now(&self) {
        let driver = self.driver.borrow().clone();
        match driver {
            Some(driver) => driver.retry_now(),
            None => self.tell_leader(ToLeader::Retry),
        }
    }

    fn choose(&self, preference: Preference) {
        let driver = self.driver.borrow().clone();
        match driver {
            Some(driver) => driver.choose(preference),
            None => self.tell_leader(ToLeader::Choose(preference_name(preference).to_owned())),
        }
    }

    fn sent(&self, write: uuid::Uuid) {
        self.post(Wire::Sent(write));
    }
}
