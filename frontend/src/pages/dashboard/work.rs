//! The tasks under way, in whatever project: asked for, and then kept up to date by what happens anywhere. That costs the
//! same however many projects there are; following each would fetch all of its items.

use std::{rc::Rc, sync::Arc};

use gloo::timers::callback::Timeout;
use serde::Deserialize;
use shared_types::{
    event::{Event, EventBody},
    model::{Entity, Item, ItemKind, Status},
    topic::Topic,
    view::ById,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    json,
    net::rest,
    store::{State, use_select},
};

const STATUSES: [Status; 2] = [Status::InProgress, Status::InReview];
/// So many of each are asked for, the latest changed.
const MOST: usize = 200;
/// After so many events it is asked again: the page remembers no more than twice as many.
const ENOUGH: usize = 100;
/// It is not asked more often than this.
const PAUSE_MS: u32 = 1_000;

/// What is under way.
#[derive(Clone, PartialEq, Default)]
pub struct Work {
    pub items: Vec<Arc<Item>>,
    /// The server has answered.
    pub is_known: bool,
    /// There is more than was asked for.
    pub is_cut: bool,
}

impl Work {
    /// The tasks with a status.
    pub fn with(&self, status: Status) -> Vec<Arc<Item>> {
        let items = self.items.iter();
        items
            .filter(|item| item.status == status)
            .cloned()
            .collect()
    }
}

/// What the server has answered.
#[derive(PartialEq)]
struct Asked {
    /// Up to where it knows what has happened.
    seq: u64,
    items: ById<Item>,
    is_cut: bool,
    /// How often the line had been opened again by then.
    reconnects: u64,
}

/// The tasks under way. The page must follow `all`.
#[hook]
pub fn use_work() -> Rc<Work> {
    let asked = use_state(|| None::<Rc<Asked>>);
    let tries = use_state(|| 0_u32);
    let known = (*asked).clone();
    let wanted = {
        let known = known.clone();
        use_select(move |state| {
            let live = state.live();
            let is_wanted = known.as_ref().is_none_or(|known| known.is_stale(state));
            (live.is_live() && is_wanted).then_some(live.reconnects)
        })
    };
    let round = *tries;
    use_effect_with((*wanted, round), move |(wanted, _)| {
        let pause = if round == 0 { 0 } else { PAUSE_MS };
        let timer = wanted.map(|reconnects| {
            Timeout::new(pause, move || {
                spawn_local(async move {
                    if let Some(answer) = ask(reconnects).await {
                        asked.set(Some(Rc::new(answer)));
                    }
                    tries.set(round + 1);
                });
            })
        });
        move || drop(timer)
    });
    use_select(move |state| {
        known
            .as_ref()
            .map(|known| now(known, state))
            .unwrap_or_default()
    })
}

impl Asked {
    /// Whether it has to be asked again: too much has happened, or not all of it may have been told one by one.
    fn is_stale(&self, state: &State) -> bool {
        let since = state.recent_on(Topic::All).into_iter();
        let since: Vec<_> = since.filter(|event| event.seq > self.seq).collect();
        since.len() > ENOUGH
            || since.iter().any(|event| moves_much(event))
            || state.live().reconnects != self.reconnects
    }
}

/// Whether an event changes more items than it names.
fn moves_much(event: &Event) -> bool {
    match &event.body {
        EventBody::ProjectDeleted { .. } | EventBody::ProjectRestored { .. } => true,
        EventBody::ItemDeleted { item } | EventBody::ItemRestored { item } => {
            item.kind != ItemKind::Task
        }
        _ => false,
    }
}

/// What was answered, with all that has happened since, and with what this browser has changed.
fn now(asked: &Asked, state: &State) -> Work {
    let mut items = asked.items.clone();
    let since = state.recent_on(Topic::All).into_iter().rev();
    for event in since.filter(|event| event.seq > asked.seq) {
        match &event.body {
            EventBody::ItemDeleted { item } => {
                items.remove(&item.id());
            }
            EventBody::ItemCreated { item }
            | EventBody::ItemUpdated { item, .. }
            | EventBody::ItemRestored { item } => {
                items.insert(item.id(), Arc::new(item.clone()));
            }
            _ => {}
        }
    }
    let is_shown = |item: &Arc<Item>| {
        let project = item.project.and_then(|id| state.project(id));
        item.kind == ItemKind::Task
            && STATUSES.contains(&item.status)
            && project.is_none_or(|project| !project.archived)
    };
    let own = |item: Arc<Item>| match state.item(item.id()) {
        Some(own) if own.version() >= item.version() => own.clone(),
        _ => item,
    };
    Work {
        items: items.values().cloned().map(own).filter(is_shown).collect(),
        is_known: true,
        is_cut: asked.is_cut,
    }
}

async fn ask(reconnects: u64) -> Option<Asked> {
    #[derive(Deserialize)]
    struct Page {
        items: Vec<Arc<Item>>,
        next: Option<String>,
    }
    let mut all = Asked {
        seq: u64::MAX,
        items: ById::<Item>::new(),
        is_cut: false,
        reconnects,
    };
    for status in STATUSES {
        let status = status.as_str();
        let path = format!("/items?kind=task&status={status}&sort=updated_at&limit={MOST}");
        let answer = rest::request("GET", &path, &[], None, None).await.ok()?;
        let page: Page = json::read(&answer.body)?;
        // What has happened between the two is laid over both.
        all.seq = all.seq.min(answer.cursor?.seq);
        all.is_cut |= page.next.is_some();
        let items = page.items.into_iter();
        all.items.extend(items.map(|item| (item.id(), item)));
    }
    Some(all)
}
