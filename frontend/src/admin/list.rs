//! Lists of the server's that no topic follows.

use std::rc::Rc;

use gloo::timers::callback::Interval;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    components::{empty::nothing, pages::Page, skeleton::skeleton_rows},
    net::rest,
    store::use_store,
};

/// How often such a list is asked for again.
const EVERY_MS: u32 = 5_000;

/// A list, as far as it is known.
#[derive(Clone, PartialEq)]
pub struct Listed<T: PartialEq> {
    /// None until the first answer.
    found: Option<Result<Rc<Vec<T>>, String>>,
    /// Asks for it again: it was changed here.
    pub ask: Callback<()>,
}

/// A list: asked for at once, after what is changed here, and every few seconds. Without a path there is none.
#[hook]
pub fn use_list<T: DeserializeOwned + PartialEq + 'static>(path: &'static str) -> Listed<T> {
    let store = use_store();
    let found = use_state_eq(|| None::<Result<Rc<Vec<T>>, String>>);
    let ask = {
        let found = found.setter();
        Callback::from(move |()| {
            if path.is_empty() {
                return;
            }
            let (found, store) = (found.clone(), store.clone());
            spawn_local(async move {
                let answer = rest::get::<Page<T>>(path).await;
                if let Err(failure) = &answer
                    && (failure.is_nobody() || failure.is_refused_to_us())
                {
                    store.ask_who();
                }
                let items = answer.map(|page| Rc::new(page.items));
                found.set(Some(items.map_err(|failure| failure.message())));
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with((), move |()| {
            ask.emit(());
            let interval = Interval::new(EVERY_MS, move || ask.emit(()));
            move || drop(interval)
        });
    }
    Listed {
        found: (*found).clone(),
        ask,
    }
}

impl<T: PartialEq> Listed<T> {
    /// What is known of it.
    pub fn items(&self) -> &[T] {
        match &self.found {
            Some(Ok(items)) => items,
            _ => &[],
        }
    }

    /// The list, each entry drawn by `draw`; or what there is instead.
    pub fn draw(&self, none: &str, draw: impl Fn(&T) -> Html) -> Html {
        match &self.found {
            None => skeleton_rows(3),
            Some(Err(why)) => html! { <p class="notice notice-bad" role="alert">{ why }</p> },
            Some(Ok(items)) if items.is_empty() => nothing(none),
            Some(Ok(items)) => {
                html! { <ul class="item-list entries">{ for items.iter().map(draw) }</ul> }
            }
        }
    }
}
