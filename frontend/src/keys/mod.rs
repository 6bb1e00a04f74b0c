//! The keyboard: keys become [`Key`]s, which go to whoever was there last and takes them.
//!
//! ```ignore
//! use_keys(move |key| match key {
//!     Key::Next => { select_next(); true }
//!     _ => false, // somebody else's
//! });
//! ```

mod listen;

use std::{cell::RefCell, rc::Rc};

use yew::prelude::*;

pub use listen::KeyProvider;

/// What a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `?`
    Help,
    /// `C`
    Create,
    /// `G` and then a letter.
    GoDashboard,
    GoProjects,
    GoMembers,
    GoAccount,
    /// `/`
    Search,
    /// `Ctrl` or `⌘` and `K`; works in text fields too.
    Commands,
    /// `J` or down.
    Next,
    /// `K` or up.
    Previous,
    /// `H` or left.
    Left,
    /// `L` or right.
    Right,
    /// `X`
    Select,
    /// `E`
    Edit,
    /// `A`
    Assign,
    /// `S`
    Status,
    /// `Enter`
    Open,
    /// `Esc`; works in text fields too.
    Close,
    /// `Ctrl` or `⌘` and `Z`
    Undo,
    /// The same with `Shift`.
    Redo,
}

impl Key {
    /// All keys with what they do, for the help.
    pub const HELP: &[(&[&str], &str)] = &[
        (&["?"], "This help"),
        (&["Ctrl K"], "Command bar"),
        (&["/"], "Search"),
        (&["C"], "Create"),
        (&["G D"], "Go to the dashboard"),
        (&["G P"], "Go to the projects"),
        (&["G M"], "Go to the members"),
        (&["G A"], "Go to the account"),
        (&["J", "K"], "Next, previous"),
        (&["H", "L"], "Left, right"),
        (&["Shift ↑ ↓ ← →"], "Move the card or line"),
        (&["X"], "Select"),
        (&["Enter"], "Open"),
        (&["E"], "Edit"),
        (&["A"], "Assign"),
        (&["S"], "Change status"),
        (&["Esc"], "Close"),
        (&["Ctrl Z"], "Undo"),
        (&["Ctrl Shift Z"], "Do again"),
    ];
}

type Handler = Rc<dyn Fn(Key) -> bool>;

/// Those who take keys, the latest last.
#[derive(Clone, Default)]
pub struct Keys(Rc<RefCell<Registry>>);

#[derive(Default)]
struct Registry {
    next: u64,
    handlers: Vec<(u64, Handler)>,
}

impl PartialEq for Keys {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Keys {
    /// Offers a key to all, the latest first; false if nobody took it.
    pub fn press(&self, key: Key) -> bool {
        let handlers: Vec<Handler> = self
            .0
            .borrow()
            .handlers
            .iter()
            .rev()
            .map(|(_, handler)| handler.clone())
            .collect();
        handlers.iter().any(|handler| handler(key))
    }

    fn add(&self, handler: Handler) -> u64 {
        let mut registry = self.0.borrow_mut();
        registry.next += 1;
        let id = registry.next;
        registry.handlers.push((id, handler));
        id
    }

    fn remove(&self, id: u64) {
        self.0
            .borrow_mut()
            .handlers
            .retain(|(other, _)| *other != id);
    }
}

/// Takes keys while the component is there: `handle` says whether it has taken one. What came later goes first: a dialog
/// before the page under it.
#[hook]
pub fn use_keys(handle: impl Fn(Key) -> bool + 'static) {
    use_handler(Rc::new(handle));
}

#[hook]
fn use_handler(handle: Handler) {
    let keys = use_context::<Keys>().unwrap_or_default();
    let latest = use_mut_ref(|| None::<Handler>);
    *latest.borrow_mut() = Some(handle);
    use_effect_with(keys, move |keys| {
        let handler = move |key| {
            let latest = latest.borrow().clone();
            latest.is_some_and(|handle| handle(key))
        };
        let (keys, id) = (keys.clone(), keys.add(Rc::new(handler)));
        move || keys.remove(id)
    });
}
