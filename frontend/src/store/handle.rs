//! The handle to the one store of the page.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo::timers::callback::Timeout;
use litemap::LiteMap;
use shared_types::sync::Preference;
use uuid::Uuid;
use wasm_bindgen::{JsCast, closure::Closure};

use super::state::State;

/// The live line as the store uses it.
pub trait Line {
    /// Begins to follow a topic, by the name it was asked for.
    fn follow(&self, requested: &str);
    /// Follows it no longer.
    fn unfollow(&self, requested: &str);
    /// Tells the others where this browser looks.
    fn look(&self, path: &str);
    /// Tries at once, whatever the clock says.
    fn retry_now(&self);
    /// Uses this transport, or chooses by itself.
    fn choose(&self, preference: Preference);
    /// Tells the other tabs that this is a write of the same person.
    fn sent(&self, write: Uuid);
}

type Listener = Rc<dyn Fn()>;

#[derive(Default)]
struct Inner {
    state: RefCell<State>,
    listeners: RefCell<LiteMap<u64, Listener>>,
    next_listener: Cell<u64>,
    /// Whether the listeners will be called soon.
    scheduled: Cell<bool>,
    line: RefCell<Option<Rc<dyn Line>>>,
}

/// The one store of the page. Cheap to clone; two handles are equal if they are of the same store.
#[derive(Clone, Default)]
pub struct Store(Rc<Inner>);

impl PartialEq for Store {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Store {
    /// A new store, not connected to anything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Connects it to the live line, once, and asks it for what is followed already.
    pub fn connect(&self, line: Rc<dyn Line>) {
        self.0.line.replace(Some(line.clone()));
        let names: Vec<String> = self.read(|state| state.topics.names.keys().cloned().collect());
        names.iter().for_each(|name| line.follow(name));
        let path = self.read(|state| state.path.clone());
        line.look(&path);
    }

    /// The live line, once there is one.
    pub fn line(&self) -> Option<Rc<dyn Line>> {
        self.0.line.borrow().clone()
    }

    /// Reads the state. Must not call back into the store to change it.
    pub fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.0.state.borrow())
    }

    /// Changes the state; components see it in the next frame.
    pub fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let made = change(&mut self.0.state.borrow_mut());
        self.schedule();
        made
    }

    /// Changes what only the one who does it shows: nobody is told.
    pub(super) fn update_quietly<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.state.borrow_mut())
    }

    /// Calls `listener` after changes, at most once a frame, until the guard is dropped.
    pub fn listen(&self, listener: impl Fn() + 'static) -> Listening {
        let id = self.0.next_listener.get();
        self.0.next_listener.set(id + 1);
        self.0.listeners.borrow_mut().insert(id, Rc::new(listener));
        Listening {
            store: self.clone(),
            id,
        }
    }

    /// All that is ready is taken in before the page is drawn: however many events come, it is drawn once a frame.
    fn schedule(&self) {
        if self.0.scheduled.replace(true) {
            return;
        }
        let store = self.clone();
        let flush = move || store.flush();
        let window = gloo::utils::window();
        // A hidden page gets no frames.
        if gloo::utils::document().hidden() {
            Timeout::new(100, flush).forget();
            return;
        }
        let callback = Closure::once_into_js(flush);
        if window
            .request_animation_frame(callback.unchecked_ref())
            .is_err()
        {
            self.flush();
        }
    }

    fn flush(&self) {
        self.0.scheduled.set(false);
        // A listener may add or drop others.
        let listeners: Vec<(u64, Listener)> = self
            .0
            .listeners
            .borrow()
            .iter()
            .map(|(id, listener)| (*id, listener.clone()))
            .collect();
        for (id, listener) in listeners {
            if self.0.listeners.borrow().contains_key(&id) {
                listener();
            }
        }
    }
}

/// Stops listening when dropped.
pub struct Listening {
    store: Store,
    id: u64,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.store.0.listeners.borrow_mut().remove(&self.id);
    }
}
