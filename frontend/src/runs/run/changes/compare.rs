//! What an event changed, by what was there before it.

use std::sync::Arc;

use serde_json::Value;
use shared_types::{
    event::{Event, EventBody},
    model::{Entity, Item},
    value::Criterion,
};

use super::gather::item_of;
use crate::json::to_value;

/// One thing that is not as it was.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Created(Arc<Item>),
    Gone(Arc<Item>),
    /// In Markdown.
    Commented(String),
    /// An acceptance criterion is met, or not any more.
    Ticked {
        text: String,
        done: bool,
    },
    Field {
        key: String,
        field: String,
        before: String,
        after: String,
    },
}

/// Its changes; `earlier` are the events before it, the newest first.
pub fn compare(event: &Event, earlier: &[Event]) -> Vec<Change> {
    match &event.body {
        EventBody::ItemCreated { item } => vec![Change::Created(Arc::new(item.clone()))],
        EventBody::ItemDeleted { item } => vec![Change::Gone(Arc::new(item.clone()))],
        EventBody::CommentCreated { comment, .. } => {
            vec![Change::Commented(comment.body.to_string())]
        }
        EventBody::ItemUpdated { item, changed } => {
            let same =
                |event: &&Event| item_of(&event.body).is_some_and(|other| other.id() == item.id());
            let before: Vec<&Item> = earlier
                .iter()
                .filter(same)
                .filter_map(|event| item_of(&event.body))
                .collect();
            // Where among its equals it stands is nothing to read.
            let fields = changed.iter().filter(|field| *field != "rank");
            fields
                .flat_map(|field| field_of(field, item, &before))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn field_of(field: &str, item: &Item, before: &[&Item]) -> Vec<Change> {
    // Detail is in an event only where it changed.
    if field == "acceptance" {
        let was = before.iter().find_map(|item| item.acceptance.as_ref());
        let was: &[Criterion] = was.map_or(&[], Vec::as_slice);
        return ticked(item.acceptance.as_deref().unwrap_or_default(), was);
    }
    let after = to_value(item);
    let was = before.iter().map(|item| to_value(*item));
    let was = was
        .map(|mut item| item[field].take())
        .find(|value| !value.is_null());
    vec![Change::Field {
        key: item.key.to_string(),
        field: field.to_owned(),
        before: words(&was.unwrap_or_default()),
        after: words(&after[field]),
    }]
}

fn ticked(now: &[Criterion], before: &[Criterion]) -> Vec<Change> {
    let was = |text: &str| {
        before
            .iter()
            .find(|criterion| &*criterion.text == text)
            .is_some_and(|criterion| criterion.done)
    };
    let differs = |criterion: &&Criterion| criterion.done != was(&criterion.text);
    now.iter()
        .filter(differs)
        .map(|criterion| Change::Ticked {
            text: criterion.text.to_string(),
            done: criterion.done,
        })
        .collect()
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::String(text) if text.is_empty() => "nothing".into(),
        // Statuses and priorities are words with an underscore between.
        Value::String(text) if !text.contains(' ') => text.replace('_', " "),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.is_empty() => "nothing".into(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
