use actix_web::{HttpRequest, http::header::HeaderMap};
use serde::Deserialize;
use shared_types::{
    error::{ErrorCode, Rejection},
    state::Organization,
    topic::{Topic, TopicRef},
    value::Invalid,
    wire::{Cursor, Limits, ServerMessage},
};
use utoipa::IntoParams;

use super::{
    message::{Asked, Message},
    reader::{Ask, Manner, NO_TOPIC, Reader, Request},
};
use crate::{
    api::{ApiError, parse_query},
    auth::Principal,
};

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
    principal: &Principal,
    request: &HttpRequest,
    query: &StreamQuery,
    manner: Manner,
) -> Result<Reader, ApiError> {
    let hub = &principal.state.hub;
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
    let after = after(query.after.as_deref(), request.headers())?;
    let sees = |topic| model.aggregate.is_in_sight(principal.sight, topic);
    let find = |name: &str| {
        find(name, &model.aggregate).and_then(|topic| match sees(topic) {
            true => Ok(topic),
            false => Err(no_topic(name)),
        })
    };
    let (asks, missing) = asks(&query.topics, find, after.is_some())?;
    let mut reader = Reader::new(hub, manner, principal.sight).ok_or_else(unavailable)?;
    for message in missing {
        reader.ask(Request::Say(message));
    }
    reader.ask(Request::Begin { asks, after });
    Ok(reader)
}

/// The topics asked for, and what is told of those that are not there beside them. (If none is there, that is the answer;
/// but not to one who has followed them so far, and has to be told what has become of each.)
fn asks(
    topics: &str,
    find: impl Fn(&str) -> Result<Topic, ApiError>,
    resumes: bool,
) -> Result<(Vec<Ask>, Vec<Message>), ApiError> {
    let mut asks: Vec<Ask> = Vec::new();
    let mut missing = Vec::new();
    let mut refusal = None;
    for text in topics.split(',').filter(|text| !text.is_empty()) {
        let (name, fresh) = text
            .strip_suffix("@snapshot")
            .map_or((text, false), |name| (name, true));
        let topic = match find(name) {
            Ok(topic) => topic,
            Err(error) if error.code() == ErrorCode::NotFound => {
                missing.push(gone(name, resumes && !fresh));
                refusal = Some(error);
                continue;
            }
            Err(error) => return Err(error),
        };
        // Asked for twice, by whatever names, it is one subscription.
        match asks.iter_mut().find(|ask| ask.topic == topic) {
            Some(ask) => ask.fresh |= fresh,
            None => asks.push(Ask {
                asked: Asked {
                    id: None,
                    requested: name.into(),
                    log_after: None,
                },
                topic,
                fresh,
            }),
        }
    }
    let most = Limits::default().topics as usize;
    match (asks.len(), refusal) {
        (0, Some(error)) if !resumes => Err(error),
        (0, None) => Err(ApiError::parameter(
            "topics",
            "names no topic: give at least one, such as org",
        )),
        (count, _) if count + missing.len() > most => Err(ApiError::parameter(
            "topics",
            format!("names more than {most} topics"),
        )),
        _ => Ok((asks, missing)),
    }
}

/// What is told of a topic that is not there: its end, if it was followed, else that there is none.
fn gone(name: &str, followed: bool) -> Message {
    let (topic, reason) = (name.to_owned(), Some("deleted".to_owned()));
    if followed && name.parse::<Topic>().is_ok() {
        return Message::new(&ServerMessage::Unsubscribed {
            id: None,
            topic,
            reason,
        });
    }
    Message::refusal(
        None,
        Some(topic),
        Rejection::new(ErrorCode::NotFound, NO_TOPIC),
    )
}

/// The topic of this name.
pub fn find(name: &str, organization: &Organization) -> Result<Topic, ApiError> {
    let named: Result<TopicRef, Invalid> = name.parse();
    if matches!(named, Ok(TopicRef::Run(_))) {
        let why = "a run's log has offsets of its own and is followed over a WebSocket";
        return Err(ApiError::parameter("topics", why));
    }
    let found = named.ok().and_then(|named| organization.find_topic(&named));
    found.ok_or_else(|| no_topic(name))
}

/// There is none by this name, or none that may be seen.
pub fn no_topic(name: &str) -> ApiError {
    Rejection::new(ErrorCode::NotFound, format!("{NO_TOPIC} ({name})")).into()
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
