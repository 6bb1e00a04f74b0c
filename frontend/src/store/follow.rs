//! Following topics: counted, and kept a little after the last component has left.

use gloo::timers::callback::Timeout;

use shared_types::topic::Topic;

use super::{State, Store, merge::Touched, topics::Followed};

/// Long enough to go back to the page one came from without loading it again.
const KEPT_MS: u32 = 8_000;

/// For whom a topic is followed.
#[derive(Clone, Copy, PartialEq)]
pub enum For {
    /// The page is about it: what happens there concerns who looks at it.
    Page,
    /// The frame shows something of it.
    Frame,
}

/// Follows a topic until it is dropped.
pub struct Following {
    store: Store,
    requested: String,
    whom: For,
}

impl Store {
    /// Follows a topic, by any of its names. Components do so by [`super::use_topic`].
    pub fn follow(&self, requested: &str, whom: For) -> Following {
        let is_new = self.update(|state| {
            let followed = state.topics.names.entry(requested.to_owned()).or_default();
            // What is gone may have come back.
            let is_new =
                !followed.is_wanted() && (followed.topic.is_none() || followed.absent.is_some());
            *followed.count(whom) += 1;
            is_new
        });
        if is_new {
            self.ask_for(requested);
        }
        Following {
            store: self.clone(),
            requested: requested.to_owned(),
            whom,
        }
    }

    /// Asks again for what is not there: it may be there now.
    pub(super) fn ask_again(&self) {
        let absent = |(name, followed): (&String, &Followed)| {
            followed.absent.is_some().then(|| name.clone())
        };
        let names: Vec<String> =
            self.read(|state| state.topics.names.iter().filter_map(absent).collect());
        names.iter().for_each(|name| self.ask_for(name));
    }

    fn ask_for(&self, requested: &str) {
        if let Some(line) = self.line() {
            line.follow(requested);
        }
    }

    /// Another tab follows a topic through this one, or does no longer.
    pub fn hold(&self, requested: &str, is_held: bool) {
        self.update(|state| {
            if is_held {
                state
                    .topics
                    .names
                    .entry(requested.to_owned())
                    .or_default()
                    .is_held = true;
            } else if let Some(followed) = state.topics.names.get_mut(requested) {
                followed.is_held = false;
                state.drop_left();
            }
        });
    }

    fn release(&self, requested: &str) {
        let is_left = self.read(|state| {
            state
                .topics
                .names
                .get(requested)
                .is_some_and(|followed| !followed.is_wanted())
        });
        if !is_left {
            return;
        }
        self.update(State::drop_left);
        if let Some(line) = self.line() {
            line.unfollow(requested);
        }
    }
}

impl Followed {
    fn count(&mut self, whom: For) -> &mut usize {
        match whom {
            For::Page => &mut self.readers,
            For::Frame => &mut self.watchers,
        }
    }
}

impl State {
    /// Drops what nobody follows any more.
    fn drop_left(&mut self) {
        self.topics.names.retain(|_, followed| followed.is_wanted());
        if self.topics.tidy() {
            self.refresh(Touched::All);
        }
    }

    /// Whether anybody on this page, or who gets here what it is told, wants to know of a topic.
    pub fn follows(&self, topic: Topic) -> bool {
        self.topics.is_followed(topic)
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let is_last = self.store.update(|state| {
            let Some(followed) = state.topics.names.get_mut(&self.requested) else {
                return false;
            };
            *followed.count(self.whom) -= 1;
            !followed.is_wanted()
        });
        if is_last {
            let (store, requested) = (self.store.clone(), self.requested.clone());
            Timeout::new(KEPT_MS, move || store.release(&requested)).forget();
        }
    }
}
