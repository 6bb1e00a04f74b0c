//! `/activity`: what has happened, newest first.

use std::sync::Arc;

use actix_web::get;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use shared_types::{
    ErrorCode, Event, Rejection,
    topic::{Topic, TopicRef},
    value::Invalid,
    wire::{Cursor, EventMessage},
};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{ApiError, page::Limit, read::Read, write::Reply};
use crate::journal::ReadError;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(list);
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Only what is on this topic; all that you see when not given.
    #[param(example = "project:website")]
    topic: Option<String>,
    /// Only what happened before this `seq` or cursor: the `next` of the page before.
    before: Option<String>,
    /// How many at most.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
}

/// Events, newest first.
#[derive(Serialize, ToSchema)]
pub struct Activity {
    #[schema(value_type = Vec<Event>)]
    items: Vec<Box<RawValue>>,
    /// What to give as `before` for the page after this one; null on the last.
    next: Option<String>,
}

/// What has happened, newest first
#[utoipa::path(tag = "activity", params(Asked), responses((status = 200, body = Activity)))]
#[get("/activity")]
async fn list(read: Read) -> Reply {
    let asked: Asked = read.query()?;
    let topic = asked.topic(&read)?;
    // Up to where the answer's cursor says, so that nothing later is seen on one page and missed on the next.
    let before = asked.before(&read)?.min(read.model.cursor.seq + 1);
    let Limit(limit) = asked.limit;
    let mut records = read
        .state
        .journal
        .read_topic_back(topic, before, limit + 1)
        .await
        .map_err(unreadable)?;
    let more = records.len() > limit;
    records.truncate(limit);
    let next = records
        .last()
        .filter(|_| more)
        .map(|record| record.seq.to_string());
    let items = records
        .iter()
        .filter_map(|record| event_for(&read, &record.frame).transpose())
        .collect::<Result<_, _>>()?;
    read.plain(Activity { items, next })
}

impl Asked {
    fn topic(&self, read: &Read) -> Result<Topic, ApiError> {
        let Some(name) = &self.topic else {
            return Ok(read.principal.sight.topic());
        };
        let parsed: TopicRef = name
            .parse()
            .map_err(|invalid: Invalid| ApiError::parameter("topic", invalid.0))?;
        let found = read.organization().find_topic(&parsed);
        let found = found.filter(|topic| read.principal.sees(*topic));
        found.ok_or_else(|| Rejection::not_found("topic", name).into())
    }

    fn before(&self, read: &Read) -> Result<u64, ApiError> {
        let Some(text) = &self.before else {
            return Ok(u64::MAX);
        };
        if let Ok(seq) = text.parse() {
            return Ok(seq);
        }
        let cursor: Cursor = text.parse().map_err(|_| {
            ApiError::new(
                ErrorCode::InvalidCursor,
                "before must be an event's seq or a cursor.",
            )
        })?;
        if cursor.epoch != read.model.cursor.epoch {
            let detail = "before is a cursor of another epoch: leave it out and begin anew.";
            return Err(ApiError::new(ErrorCode::InvalidCursor, detail));
        }
        Ok(cursor.seq)
    }
}

/// The event as this principal may see it; none where it may not: something may have left what it sees.
fn event_for(read: &Read, frame: &Bytes) -> Result<Option<Box<RawValue>>, ApiError> {
    let (sight, model) = (read.principal.sight, read.organization());
    if sight.is_everything() {
        return event_of(frame).map(Some);
    }
    let EventMessage { mut event, .. } = serde_json::from_slice(frame).map_err(unparsable)?;
    if !model.shows(sight, &event.body) {
        return Ok(None);
    }
    model.narrow_event(sight, &mut Arc::make_mut(&mut event).body);
    to_raw_value(&event).map(Some).map_err(unparsable)
}

/// The event in a message as it goes on the wire.
fn event_of(frame: &Bytes) -> Result<Box<RawValue>, ApiError> {
    #[derive(Deserialize)]
    struct Message {
        event: Box<RawValue>,
    }
    let message: Message = serde_json::from_slice(frame).map_err(unparsable)?;
    Ok(message.event)
}

fn unparsable(error: serde_json::Error) -> ApiError {
    ApiError::new(ErrorCode::Internal, error.to_string())
}

/// What can't be read now may be readable later.
pub(super) fn unreadable(error: ReadError) -> ApiError {
    tracing::error!(%error, "the journal can't be read");
    ApiError::new(
        ErrorCode::Unavailable,
        "The journal can't be read now: try again in a moment.",
    )
}
