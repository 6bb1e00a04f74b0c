//! What is shown only once somebody sees its place.

use js_sys::Array;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};
use yew::prelude::*;

/// Whether the element was ever in sight.
#[hook]
pub fn use_seen(element: &NodeRef) -> bool {
    let seen = use_state(|| false);
    let (element, setter) = (element.clone(), seen.setter());
    use_effect_with((), move |()| {
        let look = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
            let mut entries = entries.iter();
            if entries.any(|entry| {
                entry
                    .unchecked_into::<IntersectionObserverEntry>()
                    .is_intersecting()
            }) {
                setter.set(true);
            }
        });
        let observer = IntersectionObserver::new(look.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, element.cast::<Element>()) {
            observer.observe(&element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(look);
        }
    });
    *seen
}
