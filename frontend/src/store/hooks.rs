//! How components read the store.

use std::{cell::RefCell, rc::Rc};

use yew::prelude::*;

use super::{State, Store, TopicState, follow::For};

/// The store of the page.
#[hook]
pub fn use_store() -> Store {
    use_context::<Store>().unwrap_or_default()
}

type Select<T> = Rc<dyn Fn(&State) -> T>;

struct Slot<T> {
    select: Option<Select<T>>,
    last: Option<Rc<T>>,
}

/// What `select` makes of the state; the component is rendered again when that changes, and only then.
///
/// `select` may capture props and other values of this render. It is run after every change of the store, so it should be
/// quick, and must not take for granted that what the component shows still exists.
#[hook]
pub fn use_select<T: PartialEq + 'static>(select: impl Fn(&State) -> T + 'static) -> Rc<T> {
    let store = use_store();
    let update = use_force_update();
    let slot = use_mut_ref(|| Slot {
        select: None,
        last: None,
    });

    let select: Select<T> = Rc::new(select);
    let selected = store.read(&*select);
    let selected = {
        let mut slot = slot.borrow_mut();
        slot.select = Some(select);
        match &slot.last {
            Some(last) if **last == selected => last.clone(),
            _ => slot.last.insert(Rc::new(selected)).clone(),
        }
    };

    use_effect_with(store, move |store| {
        let check = {
            let store = store.clone();
            move || {
                if has_changed(&store, &slot) {
                    update.force_update();
                }
            }
        };
        // What changed between rendering and now.
        check();
        let listening = store.listen(check);
        move || drop(listening)
    });
    selected
}

fn has_changed<T: PartialEq>(store: &Store, slot: &RefCell<Slot<T>>) -> bool {
    let (select, last) = {
        let slot = slot.borrow();
        (slot.select.clone(), slot.last.clone())
    };
    let (Some(select), Some(last)) = (select, last) else {
        return false;
    };
    store.read(|state| select(state) != *last)
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
