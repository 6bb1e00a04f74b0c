//! What the frame tells the store of the page, and asks it for.

use shared_types::{topic::Topic, value::ItemId};

use super::{State, Store, update::Lookers};

impl Store {
    /// The page is here now; others see it.
    pub fn look(&self, path: &str) {
        self.update(|state| path.clone_into(&mut state.path));
        if let Some(line) = self.line() {
            line.look(path);
        }
    }

    /// The item that is edited as soon as it is opened; none any more.
    pub fn edit_next(&self, item: Option<ItemId>) {
        self.update(|state| state.edit_next = item);
    }

    /// Tries to reach the server at once.
    pub fn retry_now(&self) {
        if let Some(line) = self.line() {
            line.retry_now();
        }
        self.retry_writes();
    }

    /// So much time has passed, in which nobody was reading the toasts.
    pub fn pass_toasts(&self, ms: f64) {
        self.update(|state| state.toasts.passed(ms));
    }

    /// Says something that happened only here.
    pub fn tell(&self, text: &str) {
        self.update(|state| state.toasts.tell(text));
    }

    /// Takes a toast off the page.
    pub fn dismiss_toast(&self, notice: u64) {
        self.update(|state| state.toasts.dismiss(notice));
    }

    /// Somebody has looked at the list of notifications.
    pub fn read_notices(&self) {
        self.update(|state| state.toasts.read_all());
    }
}

impl State {
    /// Who looks at what this page is about, and from how many places.
    pub fn presence_on_page(&self) -> Lookers {
        let on_page = |topic: &Topic| {
            !matches!(topic, Topic::Org | Topic::All) && self.is_followed_now(*topic)
        };
        let mut here = Lookers::new();
        for (_, lookers) in self.presence.iter().filter(|(topic, _)| on_page(topic)) {
            for (id, places) in lookers {
                *here.entry(*id).or_default() += places;
            }
        }
        here
    }
}
