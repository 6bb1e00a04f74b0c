use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};

use actix_web::{
    HttpRequest, HttpResponse, get, http::header::CACHE_CONTROL, rt::time::timeout, web::Data,
};
use bytes::BytesMut;
use serde::Deserialize;
use shared_types::{
    error::Rejection,
    wire::{Cursor, EventsAnswer},
};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    access::{Access, Change},
    begin::{StreamQuery, begin},
    metrics::{Counted, Transport},
    reader::{Item, Manner, Reader},
};
use crate::{
    api::{ApiError, DEVTEAM_CURSOR, DEVTEAM_ROLE, nobody, parse_query},
    auth::{Auth, Principal},
};

/// Messages in one answer, at most.
const MAX_MESSAGES: usize = 1_000;
/// Seconds that an answer is held back, at most.
const MAX_WAIT: u64 = 30;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(events);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PollQuery {
    /// The topics, by id, slug or key, parted by commas; `@snapshot` behind one asks for its snapshot though the others
    /// are resumed.
    #[param(example = "org,project:website")]
    topics: String,
    /// The cursor of the answer before; without it, all begin with snapshots.
    #[param(example = "k3f9:118")]
    after: Option<String>,
    /// For how many seconds the answer is held back until there is an event.
    #[param(value_type = Option<u64>, minimum = 0, maximum = 30, default = 0)]
    wait: Option<String>,
}

/// Follow topics by asking again and again
///
/// The same messages as on the WebSocket, at most 1,000, and the cursor to go on after. The header `Devteam-Role` says as
/// what you were answered: when it changes, ask `/account` what you may do now.
#[utoipa::path(tag = "live", params(PollQuery), responses((status = 200, body = EventsAnswer)))]
#[get("/events")]
async fn events(
    request: HttpRequest,
    principal: Principal,
    auth: Data<Auth>,
) -> Result<HttpResponse, ApiError> {
    let query: PollQuery = parse_query(request.query_string())?;
    let wait = wait(query.wait.as_deref())?;
    let query = StreamQuery {
        topics: query.topics,
        after: query.after,
    };
    let _held = auth.hold(Some(&principal), principal.from)?;
    let mut reader = begin(&principal, &request, &query, Manner::Answer)?;
    let _counted = Counted::new(Transport::Polling);
    let mut answer = Answer::default();
    answer.read(&mut reader, false).await;
    if let Some(why) = answer.refused.take() {
        return Err(why.into());
    }
    let mut role = principal.wire.role;
    if answer.count == 0 && !wait.is_zero() {
        let mut access = Access::new(auth.into_inner(), principal);
        let mut change = Change::None;
        let mut reading = pin!(answer.read(&mut reader, true));
        let waiting = poll_fn(|cx| {
            change = access.look();
            match change {
                Change::None => reading.as_mut().poll(cx),
                Change::Other | Change::Gone => Poll::Ready(()),
            }
        });
        // An error means that there was nothing in time, which is an answer too.
        let _ = timeout(wait, waiting).await;
        if change == Change::Gone {
            return Err(nobody());
        }
        role = access.principal().wire.role;
    }
    let cursor = answer.finish(&reader);
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((DEVTEAM_CURSOR, cursor.to_string()))
        .insert_header((DEVTEAM_ROLE, role.as_str()))
        .content_type("application/json")
        .body(answer.json(&cursor)))
}

fn wait(text: Option<&str>) -> Result<Duration, ApiError> {
    let seconds = text.map_or(Ok(0), str::parse);
    let seconds = seconds.ok().filter(|seconds| *seconds <= MAX_WAIT);
    let refuse = || {
        ApiError::parameter(
            "wait",
            format!("must be a number of seconds from 0 to {MAX_WAIT}"),
        )
    };
    seconds.map(Duration::from_secs).ok_or_else(refuse)
}

/// An answer in the making: JSON texts one behind the other.
#[derive(Debug, Default)]
struct Answer {
    messages: BytesMut,
    count: usize,
    /// The position of the first topic's resume, to tell the roll-ups since.
    resumed_after: Option<u64>,
    /// Set when there is more than one answer holds.
    last: Option<u64>,
    /// Instead of an answer.
    refused: Option<Rejection>,
}

impl Answer {
    /// Takes what there is; with `wait`, waits until there is something.
    async fn read(&mut self, reader: &mut Reader, wait: bool) {
        poll_fn(|cx| {
            while self.last.is_none() && self.refused.is_none() {
                let Poll::Ready(item) = reader.poll_next(cx) else {
                    let done = reader.is_settled() && (self.count > 0 || !wait)
                        || reader.hub().is_closing();
                    return if done { Poll::Ready(()) } else { Poll::Pending };
                };
                match item {
                    Item::Message(message) if message.resumed_at.is_some() => {
                        self.resumed_after = message.resumed_at
                    }
                    Item::Message(message) => {
                        let at = message.at;
                        self.add(message.parts());
                        if self.count >= MAX_MESSAGES {
                            self.last = at;
                        }
                    }
                    Item::Shared(frame) => self.add([frame.json()]),
                    Item::Refused(why) => self.refused = Some(why),
                    Item::Events(chunk) => {
                        for entry in &chunk.batch.entries {
                            self.add([entry.frame.json()]);
                            if self.count >= MAX_MESSAGES {
                                self.last = Some(entry.seq);
                                break;
                            }
                        }
                    }
                }
            }
            Poll::Ready(())
        })
        .await;
    }

    fn add(&mut self, parts: impl IntoIterator<Item: AsRef<[u8]>>) {
        if self.count > 0 {
            self.messages.extend_from_slice(b",");
        }
        parts
            .into_iter()
            .for_each(|part| self.messages.extend_from_slice(part.as_ref()));
        self.count += 1;
    }

    /// Adds the roll-ups that have changed, and says where to go on.
    fn finish(&mut self, reader: &Reader) -> Cursor {
        let cursor = reader.cursor();
        if let Some(seq) = self.last {
            return Cursor { seq, ..cursor };
        }
        if let Some(after) = self.resumed_after {
            let room = MAX_MESSAGES.saturating_sub(self.count);
            reader
                .rollups_since(after)
                .iter()
                .take(room)
                .for_each(|frame| self.add([frame.json()]));
        }
        cursor
    }

    fn json(&self, cursor: &Cursor) -> BytesMut {
        let mut json = BytesMut::with_capacity(self.messages.len() + 64);
        json.extend_from_slice(format!("{{\"cursor\":\"{cursor}\",\"messages\":[").as_bytes());
        json.extend_from_slice(&self.messages);
        json.extend_from_slice(b"]}");
        json
    }
}
