//! The events that a run has caused, found in what has happened to its item and around it.

use serde::Deserialize;
use shared_types::{
    event::{Event, EventBody},
    model::{Entity, Item, RunState},
    topic::Topic,
    value::RunId,
};

use super::compare::{Change, compare};
use crate::net::rest::{self, Failure};

/// Events that are read of a topic at a time.
const PAGE: usize = 200;
/// Pages that are read first: a run lasts minutes.
pub const PAGES: usize = 5;

/// What was found.
#[derive(Debug, PartialEq)]
pub struct Gathered {
    pub changes: Vec<Change>,
    /// There was more than was looked through: some of what it changed may be missing.
    pub is_cut: bool,
}

/// The events on a topic, newest first, and whether they were too many to get back far enough.
struct Back {
    events: Vec<Event>,
    is_cut: bool,
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Event>,
    next: Option<String>,
}

/// What a run has changed, in the order in which it did, as far as so many pages tell.
pub async fn gather(run: RunId, item: &Item, pages: usize) -> Result<Gathered, Failure> {
    // Back to what the item was like before the run.
    let mut begun = None;
    let Back {
        events: on_item,
        is_cut,
    } = back(Topic::Item(item.id()), None, pages, |event| {
        if matches!(&event.body, EventBody::RunCreated { run: made } if made.id() == run) {
            begun = Some(event.seq);
        }
        begun.is_some_and(|begun| event.seq < begun) && item_of(&event.body).is_some()
    })
    .await?;
    // What is not found was longer ago than was looked, or is not kept any more.
    let begun = begun.unwrap_or(0);
    let causes: Vec<&str> = on_item
        .iter()
        .filter(|event| is_work(&event.body, run))
        .map(|event| &*event.cause)
        .collect();
    let is_its = |event: &Event| {
        event.actor.run == Some(run) || (event.seq > begun && causes.contains(&&*event.cause))
    };
    let last = on_item
        .iter()
        .filter(|event| is_its(event))
        .map(|event| event.seq)
        .max();
    let around = match (item.project, last) {
        (_, None) => Back {
            events: Vec::new(),
            is_cut: false,
        },
        (project, Some(last)) => {
            let topic = project.map_or(Topic::Org, Topic::Project);
            back(topic, Some(last + 1), pages, |event| event.seq <= begun).await?
        }
    };
    let is_cut = is_cut || around.is_cut;
    let is_elsewhere =
        |event: &Event| item_of(&event.body).is_some_and(|other| other.id() != item.id());
    let mut all: Vec<Event> = around
        .events
        .into_iter()
        .filter(|event| is_its(event) && is_elsewhere(event))
        .collect();
    let its: Vec<bool> = on_item.iter().map(is_its).collect();
    let mut changes: Vec<(u64, Vec<Change>)> = Vec::new();
    // The newest first: what comes behind an event is what was before it.
    for (at, event) in on_item.iter().enumerate().filter(|(at, _)| its[*at]) {
        changes.push((event.seq, compare(event, &on_item[at + 1..])));
    }
    all.retain(|event| event.seq > begun);
    for (at, event) in all.iter().enumerate() {
        changes.push((event.seq, compare(event, &all[at + 1..])));
    }
    changes.sort_by_key(|(seq, _)| *seq);
    let changes = changes.into_iter().flat_map(|(_, changes)| changes);
    Ok(Gathered {
        changes: changes.collect(),
        is_cut,
    })
}

/// Whether an event is a step of the worker.
fn is_work(body: &EventBody, id: RunId) -> bool {
    let EventBody::RunUpdated { run, .. } = body else {
        return false;
    };
    let steps = [
        RunState::Running,
        RunState::AwaitingInput,
        RunState::AwaitingReview,
    ];
    run.id() == id && steps.contains(&run.state)
}

/// The item that an event tells of.
pub(super) fn item_of(body: &EventBody) -> Option<&Item> {
    match body {
        EventBody::ItemCreated { item }
        | EventBody::ItemUpdated { item, .. }
        | EventBody::ItemDeleted { item }
        | EventBody::ItemRestored { item } => Some(item),
        _ => None,
    }
}

/// The events on a topic, newest first, from before a position back to one that is far enough.
async fn back(
    topic: Topic,
    before: Option<u64>,
    pages: usize,
    mut is_enough: impl FnMut(&Event) -> bool,
) -> Result<Back, Failure> {
    let mut events: Vec<Event> = Vec::new();
    let mut before = before.map(|before| before.to_string());
    for _ in 0..pages {
        let from = before.map(|before| format!("&before={before}"));
        let from = from.unwrap_or_default();
        let page: Page = rest::get(&format!("/activity?topic={topic}&limit={PAGE}{from}")).await?;
        for event in page.items {
            let is_last = is_enough(&event);
            events.push(event);
            if is_last {
                let is_cut = false;
                return Ok(Back { events, is_cut });
            }
        }
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    let is_cut = before.is_some();
    Ok(Back { events, is_cut })
}
