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

/// Pages of two hundred events that are read at most: a run lasts minutes.
const PAGES: usize = 5;

#[derive(Deserialize)]
struct Page {
    items: Vec<Event>,
    next: Option<String>,
}

/// What a run has changed, in the order in which it did.
pub async fn gather(run: RunId, item: &Item) -> Result<Vec<Change>, Failure> {
    // Back to what the item was like before the run.
    let mut begun = None;
    let on_item = back(Topic::Item(item.id()), None, |event| {
        if matches!(&event.body, EventBody::RunCreated { run: made } if made.id() == run) {
            begun = Some(event.seq);
        }
        begun.is_some_and(|begun| event.seq < begun) && item_of(&event.body).is_some()
    })
    .await?;
    let Some(begun) = begun else {
        return Ok(Vec::new());
    };
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
        (_, None) => Vec::new(),
        (project, Some(last)) => {
            let topic = project.map_or(Topic::Org, Topic::Project);
            back(topic, Some(last + 1), |event| event.seq <= begun).await?
        }
    };
    let is_elsewhere =
        |event: &Event| item_of(&event.body).is_some_and(|other| other.id() != item.id());
    let mut all: Vec<Event> = around
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
    Ok(changes
        .into_iter()
        .flat_map(|(_, changes)| changes)
        .collect())
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
    mut is_enough: impl FnMut(&Event) -> bool,
) -> Result<Vec<Event>, Failure> {
    let mut events: Vec<Event> = Vec::new();
    let mut before = before.map(|before| before.to_string());
    for _ in 0..PAGES {
        let from = before.map(|before| format!("&before={before}"));
        let from = from.unwrap_or_default();
        let page: Page = rest::get(&format!("/activity?topic={topic}&limit=200{from}")).await?;
        for event in page.items {
            let is_last = is_enough(&event);
            events.push(event);
            if is_last {
                return Ok(events);
            }
        }
        let Some(next) = page.next else { break };
        before = Some(next);
    }
    Ok(events)
}
