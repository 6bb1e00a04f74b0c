//! What a write that is not confirmed yet makes of an entity.
//!
//! A change is kept as JSON, the form in which it is sent, so that it survives a reload of the page and can be laid over
//! whatever the entity has become since: that is all there is to rebasing.

use std::sync::Arc;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::json::{from_value, to_value};

/// Which kind of entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Organization,
    Project,
    Team,
    Member,
    Item,
    Comment,
}

/// A change of one entity that is shown before the server has confirmed it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    pub kind: Kind,
    pub id: Uuid,
    pub change: Change,
}

/// What becomes of the entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Change {
    /// It is there, looking like this until the server says what it really looks like.
    Create(Value),
    /// These fields have these values.
    Merge(Map<String, Value>),
    /// This list has this value.
    Add(String, Value),
    /// This list has not this value.
    Remove(String, Value),
    /// This acceptance criterion, counted from 0, is met or not.
    Tick(usize, bool),
    /// It is gone.
    Delete,
}

impl Effect {
    /// An effect on an entity.
    pub fn new(kind: Kind, id: Uuid, change: Change) -> Self {
        Self { kind, id, change }
    }

    /// An effect of setting fields.
    pub fn merge(kind: Kind, id: Uuid, fields: Value) -> Self {
        let fields = match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        Self::new(kind, id, Change::Merge(fields))
    }
}

/// The entity with the changes laid over it, in order.
pub fn lay_over<'a, T: Serialize + DeserializeOwned>(
    base: Option<Arc<T>>,
    changes: impl Iterator<Item = &'a Change>,
) -> Option<Arc<T>> {
    let mut changes = changes.peekable();
    if changes.peek().is_none() {
        return base;
    }
    let mut value = base.as_deref().map(to_value);
    for change in changes {
        match (change, &mut value) {
            (Change::Delete, value) => *value = None,
            // Once the server's own is there, ours has nothing to add.
            (Change::Create(made), value @ None) => *value = Some(made.clone()),
            (change, Some(Value::Object(fields))) => apply(fields, change),
            _ => {}
        }
    }
    // What can't be laid over it (an entity of a later version, say) is left as the server has it.
    value
        .map(|value| from_value(value).map(Arc::new).or(base))
        .unwrap_or_default()
}

fn apply(fields: &mut Map<String, Value>, change: &Change) {
    match change {
        Change::Merge(changed) => fields.extend(
            changed
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        ),
        Change::Add(list, value) => {
            if let Some(Value::Array(values)) = fields.get_mut(list)
                && !values.contains(value)
            {
                values.push(value.clone());
            }
        }
        Change::Remove(list, value) => {
            if let Some(Value::Array(values)) = fields.get_mut(list) {
                values.retain(|other| other != value);
            }
        }
        Change::Tick(criterion, done) => {
            if let Some(criterion) = fields
                .get_mut("acceptance")
                .and_then(|list| list.get_mut(criterion))
            {
                criterion["done"] = Value::Bool(*done);
            }
        }
        Change::Create(_) | Change::Delete => {}
    }
}
