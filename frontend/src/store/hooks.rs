//! How components read the store.

use std::{any::Any, cell::RefCell, rc::Rc};

use yew::prelude::*;

use super::{State, Store, TopicState, follow::For};

/// The store of the page.
#[hook]
pub fn use_store() -> Store {
    use_context::<Store>().unwrap_or_default()
}

type Check = Rc<dyn Fn(&State) -> bool>;

/// What one `use_select` remembers. Its types are erased, and the hook below is no generic one: there are some fifty
/// selectors, and code for each would be a twentieth of the app.
#[derive(Default)]
struct Slot {
    /// Whether the state now selects something else.
    has_changed: Option<Check>,
    last: Option<Rc<dyn Any>>,
}

/// What `select` makes of the state; the component is rendered again when that changes, and only then.
///
/// `select` may capture props and other values of this render. It is run after every change of the store, so it should be
/// quick, and must not take for granted that what the component shows still exists.
#[hook]
pub fn use_select<T: PartialEq + 'static>(select: impl Fn(&State) -> T + 'static) -> Rc<T> {
    let store = use_store();
    let slot = use_slot();
    let selected = store.read(&select);
    let last = slot
        .borrow()
        .last
        .clone()
        .and_then(|last| last.downcast::<T>().ok());
    let selected = last
        .filter(|last| **last == selected)
        .unwrap_or_else(|| Rc::new(selected));
    let shown = selected.clone();
    *slot.borrow_mut() = Slot {
        has_changed: Some(Rc::new(move |state| select(state) != *shown)),
        last: Some(selected.clone()),
    };
    selected
}

/// A callback that stays the same from one render to the next, and does what the last one gave it to do: what it is
/// handed to is not drawn anew for its sake.
#[hook]
pub fn use_latest<T: 'static>(act: impl Fn(T) + 'static) -> Callback<T> {
    let latest = use_mut_ref(|| None::<Rc<dyn Fn(T)>>);
    *latest.borrow_mut() = Some(Rc::new(act));
    let stays = use_memo((), |()| {
        Callback::from(move |with: T| {
            // It may render the component, and so be replaced while it runs.
            let act = latest.borrow().clone();
            if let Some(act) = act {
                act(with);
            }
        })
    });
    (*stays).clone()
}

/// Renders the component again when its slot says that something has changed.
#[hook]
fn use_slot() -> Rc<RefCell<Slot>> {
    let store = use_store();
    let update = use_force_update();
    let slot = use_mut_ref(Slot::default);
    let checked = slot.clone();
    use_effect_with(store, move |store| {
        let check = {
            let store = store.clone();
            move || {
                let has_changed = checked.borrow().has_changed.clone();
                if has_changed.is_some_and(|has_changed| store.read(|state| has_changed(state))) {
                    update.force_update();
                }
            }
        };
        // What changed between rendering and now.
        check();
        let listening = store.listen(check);
        move || drop(listening)
    });
    slot
}

/// Follows a topic, by any of its names, while the component is there; an empty name follows nothing. What others do there
/// is told in toasts.
#[hook]
pub fn use_topic(requested: &str) -> TopicState {
    use_topic_for(requested, For::Page)
}

/// The same, for a component that is not what the page is about.
#[hook]
pub fn use_topic_quietly(requested: &str) -> TopicState {
    use_topic_for(requested, For::Frame)
}

#[hook]
fn use_topic_for(requested: &str, whom: For) -> TopicState {
    let store = use_store();
    let requested = AttrValue::from(requested.to_owned());
    use_effect_with((store, requested.clone()), move |(store, requested)| {
        let following = (!requested.is_empty()).then(|| store.follow(requested, whom));
        move || drop(following)
    });
    (*use_select(move |state| state.topic(&requested))).clone()
}
