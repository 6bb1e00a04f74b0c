//! The activity of a topic: what was there before, fetched, and what comes, live.

use std::sync::Arc;

use serde::Deserialize;
use shared_types::{event::Event, topic::Topic};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::use_select;
use crate::net::rest::{self, Failure, encode};

/// What has happened, newest first.
#[derive(Clone, PartialEq, Default)]
pub struct Activity {
    pub events: Vec<Arc<Event>>,
    /// The first page is on its way.
    pub is_loading: bool,
    /// What was before could not be had: tries again. It does so by itself when the line is back.
    pub retry: Option<Callback<()>>,
    /// Fetches what was before; none when there is no more.
    pub more: Option<Callback<()>>,
}

const PAGE: usize = 50;

/// The activity on a topic that the component follows (see [`super::use_topic`]): `all` is the whole organization's.
#[hook]
pub fn use_activity(topic: &str) -> Activity {
    let topic = AttrValue::from(topic.to_owned());
    let past = use_state(|| None::<Arc<Past>>);
    let name = topic.clone();
    let live = use_select(move |state| match state.topic(&name) {
        super::TopicState::Ready(topic) => state.recent_on(topic),
        _ => Vec::new(),
    });

    let load = {
        let past = past.clone();
        Callback::from(move |(topic, known): (AttrValue, Option<Arc<Past>>)| {
            let past = past.clone();
            spawn_local(async move {
                let before = known
                    .as_ref()
                    .and_then(|known| known.events.last())
                    .map(|event| event.seq);
                past.set(Some(Arc::new(
                    fetch(&topic, known.as_deref(), before).await,
                )));
            });
        })
    };
    use_effect_with(topic.clone(), {
        let (past, load) = (past.clone(), load.clone());
        move |topic| {
            past.set(None);
            if !topic.is_empty() {
                load.emit((topic.clone(), None));
            }
        }
    });

    // What could not be had can be when the line is back.
    let is_live = *use_select(|state| state.live().is_live());
    use_effect_with(is_live, {
        let (past, load, topic) = (past.clone(), load.clone(), topic.clone());
        move |is_live| {
            if let Some(known) = (*past).clone().filter(|past| *is_live && past.has_failed) {
                load.emit((topic, Some(known)));
            }
        }
    });

    let Some(known) = (*past).clone() else {
        return Activity {
            events: (*live).clone(),
            is_loading: true,
            ..Activity::default()
        };
    };
    let newest = known.events.first().map_or(0, |event| event.seq);
    let mut events: Vec<_> = live
        .iter()
        .filter(|event| event.seq > newest)
        .cloned()
        .collect();
    events.extend(known.events.iter().cloned());
    let (has_failed, has_more) = (known.has_failed, known.has_more);
    let go_on = Callback::from(move |()| load.emit((topic.clone(), Some(known.clone()))));
    Activity {
        events,
        is_loading: false,
        retry: has_failed.then(|| go_on.clone()),
        more: (has_more && !has_failed).then_some(go_on),
    }
}

#[derive(PartialEq)]
struct Past {
    events: Vec<Arc<Event>>,
    has_more: bool,
    has_failed: bool,
}

/// One page of what has happened, newest first.
#[derive(Deserialize)]
pub(super) struct Page {
    pub items: Vec<Arc<Event>>,
    /// Where the next one begins, if there is one.
    pub next: Option<String>,
}

/// So much of what happened on a topic before a `seq`.
pub(super) async fn page(topic: &str, limit: usize, before: Option<u64>) -> Result<Page, Failure> {
    let before = before
        .map(|seq| format!("&before={seq}"))
        .unwrap_or_default();
    let topic = encode(topic);
    rest::get(&format!("/activity?topic={topic}&limit={limit}{before}")).await
}

async fn fetch(topic: &str, known: Option<&Past>, before: Option<u64>) -> Past {
    let mut events = known.map(|known| known.events.clone()).unwrap_or_default();
    match page(topic, PAGE, before).await {
        Ok(page) => {
            let has_more = page.next.is_some();
            events.extend(page.items);
            Past {
                events,
                has_more,
                has_failed: false,
            }
        }
        Err(_) => Past {
            events,
            has_more: true,
            has_failed: true,
        },
    }
}

impl super::State {
    /// The latest events that came in on one topic, newest first.
    pub fn recent_on(&self, topic: Topic) -> Vec<Arc<Event>> {
        let on = |(topics, _): &&(Vec<Topic>, Arc<Event>)| topics.contains(&topic);
        self.recent
            .iter()
            .rev()
            .filter(on)
            .map(|(_, event)| event.clone())
            .collect()
    }
}
