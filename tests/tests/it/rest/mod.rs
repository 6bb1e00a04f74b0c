//! REST: every route, rule and refusal.

mod comments;
mod concurrency;
mod input;
mod items;
mod lists;
mod members;
mod moves;
mod projects;
mod teams;

use serde_json::Value;

/// The fields of an object, sorted.
fn fields(entity: &Value) -> Vec<&str> {
    let mut fields: Vec<&str> = entity
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    fields.sort_unstable();
    fields
}

/// The ids of a list of entities.
fn ids(list: &Value) -> Vec<&str> {
    list.as_array()
        .into_iter()
        .flatten()
        .map(tests::api::id)
        .collect()
}
