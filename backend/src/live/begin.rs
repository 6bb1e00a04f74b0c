use actix_web::{HttpRequest, http::header::HeaderMap};
use serde::Deserialize;
use shared_types::{
    error::{ErrorCode, Rejection},
    state::Organization,
    topic::{Topic, TopicRef},
    value::Invalid,
    wire::{Cursor, Limits},
};
use utoipa::IntoParams;

use super::{
    Hub,
    message::Asked,
    reader::{Ask, Manner, NO_TOPIC, Reader, Request},
};
use crate::api::{ApiError, Principal, parse_query};

/// What is asked of SSE.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StreamQuery {
    /// The topics, by id, slug or key, parted by commas; `@snapshot` behind one asks for its snapshot though the others
    /// are resumed.
    #[param(example = "org,project:website")]
    pub topics: String,
    /// The cursor to resume after; without it, all begin with snapshots. `Last-Event-ID` beats it.
    #[param(example = "k3f9:118")]
    pub after: Option<String>,
}

/// A stream's reader, about to begin.
pub fn begin(
    request: &HttpRequest,
    hub: &std::sync::Arc<Hub>,
    query: &StreamQuery,
    manner: Manner,
) -> Result<Reader, ApiError> {
    Principal::of(request)?;
    let unavailable = || {
        ApiError::new(
            ErrorCode::Unavailable,
            "The server is not ready: try again in a moment.",
        )
    };
    if hub.is_closing() {
        return Err(unavailable());
    }
    let model = hub.model().ok_or_else(unavailable)?;
    let asks = asks(&query.topics, &model.organization)?;
    let after = after(query.after.as_deref(), request.headers())?;
    let mut reader = Reader::new(hub, manner).ok_or_else(unavailable)?;
    reader.ask(Request::Begin { asks, after });
    Ok(reader)
}

fn asks(topics: &str, organization: &Organization) -> Result<Vec<Ask>, ApiError> {
    let mut asks: Vec<Ask> = Vec::new();
    for text in topics.split(',').filter(|text| !text.is_empty()) {
        let (name, fresh) = text
            .strip_suffix("@snapshot")
            .map_or((text, false), |name| (name, true));
        let topic = find(name, organization)?;
        // Asked for twice, by whatever names, it is one subscription.
        match asks.iter_mut().find(|ask| ask.topic == topic) {
            Some(ask) => ask.fresh |= fresh,
            None => asks.push(Ask {
                asked: Asked {
                    id: None,
                    requested: name.into(),
                },
                topic,
                fresh,
            }),
        }
    }
    let most = Limits::default().topics as usize;
    match asks.len() {
        0 => Err(ApiError::parameter(
            "topics",
            "names no topic: give at least one, such as org",
        )),
        count if count > most => Err(ApiError::parameter(
            "topics",
            format!("names more than {most} topics"),
        )),
        _ => Ok(asks),
    }
}

/// The topic of this name.
pub fn find(name: &str, organization: &Organization) -> Result<Topic, ApiError> {
    let named: Result<TopicRef, Invalid> = name.parse();
    if matches!(named, Ok(TopicRef::Run(_))) {
        let why = "a run's log has offsets of its own and is followed over a WebSocket";
        return Err(ApiError::parameter("topics", why));
    }
    let found = named.ok().and_then(|named| organization.find_topic(&named));
    found.ok_or_else(|| Rejection::new(ErrorCode::NotFound, format!("{NO_TOPIC} ({name})")).into())
}

fn after(parameter: Option<&str>, headers: &HeaderMap) -> Result<Option<Cursor>, ApiError> {
    let header = headers
        .get("last-event-id")
        .map(|id| id.to_str().unwrap_or("?"))
        .filter(|id| !id.is_empty());
    let named = header
        .map(|id| ("Last-Event-ID", id))
        .or(parameter.map(|after| ("after", after)));
    let Some((name, text)) = named else {
        return Ok(None);
    };
    let cursor = text.parse().map_err(|invalid: Invalid| {
        ApiError::from(Rejection::field(ErrorCode::InvalidCursor, name, invalid.0))
    })?;
    Ok(Some(cursor))
}

/// The query as a stream takes it.
pub fn stream_query(request: &HttpRequest) -> Result<StreamQuery, ApiError> {
    parse_query(request.query_string())
}
