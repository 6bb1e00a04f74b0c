//! Lists that no topic follows, read page by page: the first at once, those after it when they are asked for.

use std::rc::Rc;

use serde::{Deserialize, de::DeserializeOwned};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{empty::nothing, skeleton::skeleton_rows};
use crate::net::rest::{self, encode};

/// Entries of a page.
const PAGE: usize = 50;
/// Entries that the server puts into one answer, at most.
const MOST: usize = 200;

/// A page of a list.
#[derive(Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// What to ask for the next one with.
    #[serde(default)]
    pub next: Option<String>,
}

/// What was read so far.
struct Read<T> {
    entries: Vec<Rc<T>>,
    next: Option<String>,
    why: Option<String>,
    is_busy: bool,
}

/// A list, as far as it was read.
pub struct Pages<T: 'static> {
    read: UseStateHandle<Rc<Read<T>>>,
    more: Callback<MouseEvent>,
}

/// Reads the list at `path`, and again as far as it was read whenever there is news of it.
#[hook]
pub fn use_pages<T: DeserializeOwned + 'static>(
    path: &str,
    news: impl PartialEq + 'static,
) -> Pages<T> {
    let read = use_state(|| {
        Rc::new(Read {
            entries: Vec::new(),
            next: None,
            why: None,
            is_busy: true,
        })
    });
    // Only the answer to the latest question counts.
    let asked = use_mut_ref(|| 0_u32);
    let ask = {
        let (path, read) = (path.to_owned(), read.clone());
        move |after: Option<String>| {
            *asked.borrow_mut() += 1;
            let (asked, turn) = (asked.clone(), *asked.borrow());
            let (path, read) = (path.clone(), read.clone());
            read.set(Rc::new(Read {
                entries: read.entries.clone(),
                next: read.next.clone(),
                why: None,
                is_busy: true,
            }));
            spawn_local(async move {
                let known = read.entries.len();
                let answer = match &after {
                    Some(after) => fetch(&path, PAGE, Some(after)).await,
                    None => fetch(&path, known.clamp(PAGE, MOST), None).await,
                };
                if *asked.borrow() != turn {
                    return;
                }
                let before = after.as_ref().map(|_| read.entries.clone());
                read.set(Rc::new(match answer {
                    Ok(page) => {
                        let mut entries = before.unwrap_or_default();
                        entries.extend(page.items.into_iter().map(Rc::new));
                        Read {
                            entries,
                            next: page.next,
                            why: None,
                            is_busy: false,
                        }
                    }
                    Err(why) => Read {
                        entries: read.entries.clone(),
                        next: read.next.clone(),
                        why: Some(why),
                        is_busy: false,
                    },
                }));
            });
        }
    };
    let ask = Rc::new(ask);
    use_effect_with((path.to_owned(), news), {
        let ask = ask.clone();
        move |_| ask(None)
    });
    let next = read.next.clone();
    Pages {
        read,
        more: Callback::from(move |_| ask(next.clone())),
    }
}

async fn fetch<T: DeserializeOwned>(
    path: &str,
    limit: usize,
    after: Option<&str>,
) -> Result<Page<T>, String> {
    let mut path = format!("{path}?limit={limit}");
    if let Some(after) = after {
        path = format!("{path}&page={}", encode(after));
    }
    let answer = rest::get(&path).await;
    answer.map_err(|failure| failure.message())
}

impl<T> Pages<T> {
    /// What was read.
    pub fn entries(&self) -> &[Rc<T>] {
        &self.read.entries
    }

    /// Whether there is more.
    pub fn has_more(&self) -> bool {
        self.read.next.is_some()
    }

    /// The rows, or what there is instead, and the way to more.
    pub fn draw(&self, class: &'static str, none: &str, rows: Vec<Html>) -> Html {
        let is_first = self.read.entries.is_empty() && self.read.is_busy;
        html! {
            <>
                if let Some(why) = &self.read.why {
                    <p class="notice notice-bad" role="alert">{ why }</p>
                }
                if is_first {
                    { skeleton_rows(3) }
                } else if !rows.is_empty() {
                    <ul class={classes!("item-list", class)}>{ for rows }</ul>
                } else if self.read.why.is_none() {
                    { nothing(none) }
                }
                if self.has_more() {
                    <div class="row">
                        <button type="button" class="button" disabled={self.read.is_busy} onclick={self.more.clone()}>
                            { "Show earlier ones" }
                        </button>
                    </div>
                }
            </>
        }
    }
}
