//! The keyboard: keys become [`Key`]s, which go to whoever was there last and takes them.
//!
//! ```ignore
//! use_keys(&[Key::Edit], move |_| {
//!     let is_here = edit();
//!     is_here // else it is somebody else's
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
    /// `Shift` and an arrow: what has the focus hears it itself.
    Move,
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
    /// All keys with what they do, for the help, which shows those that somebody takes.
    pub const HELP: &[(Key, &[&str], &str)] = &[
        (Key::Help, &["?"], "This help"),
        (Key::Commands, &["Ctrl K"], "Command bar"),
        (Key::Search, &["/"], "Search"),
        (Key::Create, &["C"], "Create"),
        (Key::GoDashboard, &["G D"], "Go to the dashboard"),
        (Key::GoProjects, &["G P"], "Go to the projects"),
        (Key::GoMembers, &["G M"], "Go to the members"),
        (Key::GoAccount, &["G A"], "Go to the account"),
        (Key::Next, &["J", "K"], "Next, previous"),
        (Key::Left, &["H", "L"], "Left, right"),
        (Key::Move, &["Shift ↑ ↓ ← →"], "Move the card or line"),
        (Key::Select, &["X"], "Select"),
        (Key::Open, &["Enter"], "Open"),
        (Key::Edit, &["E"], "Edit"),
        (Key::Assign, &["A"], "Assign"),
        (Key::Status, &["S"], "Change status"),
        (Key::Close, &["Esc"], "Close"),
        (Key::Undo, &["Ctrl Z"], "Undo"),
        (Key::Redo, &["Ctrl Shift Z"], "Do again"),
    ];
}

/// One who takes keys.
struct Taker {
    takes: &'static [Key],
    /// Whether it lies on the page, and takes none while something is over that.
    is_of_page: bool,
    handle: Box<dyn Fn(Key) -> bool>,
}

impl Taker {
    fn takes(&self, key: Key) -> bool {
        self.takes.contains(&key) && !(self.is_of_page && is_page_covered())
    }
}

/// As it was drawn last.
type Latest = Rc<RefCell<Rc<Taker>>>;

/// Those who take keys, the latest last.
#[derive(Clone, Default)]
pub struct Keys(Rc<RefCell<Registry>>);

#[derive(Default)]
struct Registry {
    next: u64,
    takers: Vec<(u64, Latest)>,
}

impl PartialEq for Keys {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Keys {
    /// Offers a key to all who take it, the latest first; false if nobody took it.
    pub fn press(&self, key: Key) -> bool {
        let takers = self.takers(key);
        takers.iter().rev().any(|taker| (taker.handle)(key))
    }

    /// Whether a key does anything on the page as it is.
    pub fn is_taken(&self, key: Key) -> bool {
        !self.takers(key).is_empty()
    }

    fn takers(&self, key: Key) -> Vec<Rc<Taker>> {
        let registry = self.0.borrow();
        let takers = registry.takers.iter();
        takers
            .map(|(_, taker)| taker.borrow().clone())
            .filter(|taker| taker.takes(key))
            .collect()
    }

    fn add(&self, taker: Latest) -> u64 {
        let mut registry = self.0.borrow_mut();
        registry.next += 1;
        let id = registry.next;
        registry.takers.push((id, taker));
        id
    }

    fn remove(&self, id: u64) {
        self.0.borrow_mut().takers.retain(|(other, _)| *other != id);
    }
}

/// The key that makes something new, for one who may.
pub fn create_if(may: bool) -> &'static [Key] {
    if may { &[Key::Create] } else { &[] }
}

/// Whether a drawer or a dialog is over the page: what lies there is not what the keys are for.
pub fn is_page_covered() -> bool {
    let over = gloo::utils::document().query_selector(".drawer, .dialog");
    over.is_ok_and(|over| over.is_some())
}

/// Takes some keys while the component is there: `handle` says whether it has taken one. What came later goes first: a
/// dialog before the page under it.
#[hook]
pub fn use_keys(takes: &'static [Key], handle: impl Fn(Key) -> bool + 'static) {
    use_taker(Taker {
        takes,
        is_of_page: false,
        handle: Box::new(handle),
    });
}

/// The same for what lies on the page: it takes none while something is over it.
#[hook]
pub fn use_page_keys(takes: &'static [Key], handle: impl Fn(Key) -> bool + 'static) {
    use_taker(Taker {
        takes,
        is_of_page: true,
        handle: Box::new(handle),
    });
}

#[hook]
fn use_taker(taker: Taker) {
    let keys = use_context::<Keys>().unwrap_or_default();
    let taker = Rc::new(taker);
    let latest = {
        let taker = taker.clone();
        use_mut_ref(move || taker)
    };
    latest.replace(taker);
    use_effect_with(keys, move |keys| {
        let (keys, id) = (keys.clone(), keys.add(latest));
        move || keys.remove(id)
    });
}
