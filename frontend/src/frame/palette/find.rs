//! Finding items that the page does not know, by asking the server.

use gloo::timers::callback::Timeout;
use serde::Deserialize;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::entries::Entry;
use crate::net::rest::{self, encode};

/// Until the person has stopped typing.
const PAUSE_MS: u32 = 180;

#[derive(Deserialize)]
struct Page {
    items: Vec<Found>,
}

/// All that is wanted of an item here.
#[derive(Deserialize)]
struct Found {
    key: String,
    title: String,
}

/// Items that the server finds by these words; none while there are fewer than two letters.
#[hook]
pub fn use_found(words: &str) -> UseStateHandle<Vec<Entry>> {
    let found = use_state(Vec::new);
    let latest = use_mut_ref(String::new);
    let (set, words) = (found.clone(), words.to_owned());
    use_effect_with(words, move |words| {
        latest.borrow_mut().clone_from(words);
        let is_enough = words.chars().count() > 1;
        if !is_enough {
            set.set(Vec::new());
        }
        let words = words.clone();
        let ask = move || {
            spawn_local(async move {
                let page = rest::get::<Page>(&format!(
                    "/items?q={}&limit=20&sort=updated_at",
                    encode(&words)
                ))
                .await;
                // An answer to what was typed before is no answer.
                if let (Ok(page), true) = (page, *latest.borrow() == words) {
                    set.set(
                        page.items
                            .into_iter()
                            .map(|item| Entry::item(item.key, &item.title))
                            .collect(),
                    );
                }
            });
        };
        let timer = is_enough.then(|| Timeout::new(PAUSE_MS, ask));
        move || drop(timer)
    });
    found
}
