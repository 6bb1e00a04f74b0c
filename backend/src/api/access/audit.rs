//! `/audit`: who did what, when and from where.

use std::{cmp::Reverse, net::IpAddr};

use actix_web::{HttpResponse, get, http::header::CACHE_CONTROL};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared_types::{
    Actor, ErrorCode,
    directory::DirectoryEvent,
    topic::Topic,
    value::{OrganizationId, Timestamp},
    wire::EventMessage,
};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    api::{
        ApiError,
        access::call::Call,
        activity::unreadable,
        page::{Limit, Page, Token},
        read::Read,
        write::Reply,
    },
    journal::{Journal, Record},
};

/// Events of the directory that are read at a time: those of other organizations are passed over.
const CHUNK: usize = 500;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(list);
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// How many at most.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// The `next` of the page before.
    #[param(value_type = Option<String>)]
    page: Option<Token>,
    /// `ndjson`: one entry a line, as a file; the page after it is named in the header `Devteam-Next`.
    #[param(inline)]
    format: Option<Format>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    Json,
    Ndjson,
}

/// What somebody did.
#[derive(Debug, Serialize, ToSchema)]
pub struct Entry {
    at: Timestamp,
    actor: Actor,
    /// `item.updated`, `session.started` and so on.
    action: String,
    /// The client's address, where it is known.
    #[schema(value_type = Option<String>)]
    from: Option<IpAddr>,
    /// The request it came from.
    request_id: String,
    /// The event's own data.
    #[schema(value_type = Object)]
    data: Value,
}

/// Before which events of the directory and of the organization a page begins.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Before {
    directory: u64,
    organization: u64,
}

/// An entry, and where it stands in its line.
struct Found {
    entry: Entry,
    seq: u64,
    of_directory: bool,
}

/// Who did what, when and from where, newest first
#[utoipa::path(tag = "access", params(Asked), responses((status = 200, body = Page<Entry>)))]
#[get("/audit")]
async fn list(read: Read, call: Call) -> Reply {
    let asked: Asked = read.query()?;
    let before = Token::place(asked.page.as_ref())?.unwrap_or(Before {
        directory: u64::MAX,
        organization: u64::MAX,
    });
    let Limit(limit) = asked.limit;
    let mut found = of_organization(&*read.state.journal, before.organization, limit + 1).await?;
    let organization = read.state.organization();
    found.extend(
        of_directory(
            &*call.auth.journal,
            before.directory,
            organization,
            limit + 1,
        )
        .await?,
    );
    // By time; each line stays in its own order.
    found.sort_by_key(|found| Reverse((found.entry.at, found.of_directory, found.seq)));
    let next = (found.len() > limit).then(|| {
        found[..limit]
            .iter()
            .fold(before, |before, found| match found.of_directory {
                true => Before {
                    directory: found.seq,
                    ..before
                },
                false => Before {
                    organization: found.seq,
                    ..before
                },
            })
    });
    found.truncate(limit);
    let page = Page::of(
        found.into_iter().map(|found| found.entry).collect(),
        next.as_ref(),
    );
    match asked.format {
        Some(Format::Ndjson) => as_lines(&page),
        Some(Format::Json) | None => read.plain(page),
    }
}

fn as_lines(page: &Page<Entry>) -> Reply {
    let mut lines = Vec::new();
    for entry in &page.items {
        serde_json::to_writer(&mut lines, entry).map_err(defect)?;
        lines.push(b'\n');
    }
    let mut response = HttpResponse::Ok();
    response
        .content_type("application/x-ndjson")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((
            "content-disposition",
            "attachment; filename=\"audit.ndjson\"",
        ));
    if let Some(next) = &page.next {
        response.insert_header(("devteam-next", next.as_str()));
    }
    Ok(response.body(lines))
}

async fn of_organization(
    journal: &dyn Journal,
    before: u64,
    count: usize,
) -> Result<Vec<Found>, ApiError> {
    let records = journal.read_topic_back(Topic::All, before, count).await;
    let entry = |record: &Record| {
        let message: EventMessage = serde_json::from_slice(&record.frame).map_err(defect)?;
        let event = &*message.event;
        let body = serde_json::to_value(&event.body).map_err(defect)?;
        Ok(found(
            record,
            event.at,
            &event.actor,
            &event.cause,
            body,
            false,
        ))
    };
    records.map_err(unreadable)?.iter().map(entry).collect()
}

async fn of_directory(
    journal: &dyn Journal,
    mut before: u64,
    organization: OrganizationId,
    count: usize,
) -> Result<Vec<Found>, ApiError> {
    let mut all = Vec::new();
    while all.len() < count {
        let records = journal.read_topic_back(Topic::All, before, CHUNK).await;
        let records = records.map_err(unreadable)?;
        for record in &records {
            let event: DirectoryEvent = serde_json::from_slice(&record.frame).map_err(defect)?;
            if event.organization == Some(organization) {
                let body = serde_json::to_value(&event.body).map_err(defect)?;
                all.push(found(
                    record,
                    event.at,
                    &event.actor,
                    &event.cause,
                    body,
                    true,
                ));
            }
        }
        match records.last() {
            Some(last) if records.len() == CHUNK => before = last.seq,
            _ => break,
        }
    }
    all.truncate(count);
    Ok(all)
}

fn found(
    record: &Record,
    at: Timestamp,
    actor: &Actor,
    cause: &str,
    mut body: Value,
    of_directory: bool,
) -> Found {
    let entry = Entry {
        at,
        actor: actor.clone(),
        action: body["type"].as_str().unwrap_or_default().to_owned(),
        from: record.private.as_ref().and_then(|private| private.from),
        request_id: cause.to_owned(),
        data: body["data"].take(),
    };
    Found {
        entry,
        seq: record.seq,
        of_directory,
    }
}

fn defect(error: serde_json::Error) -> ApiError {
    tracing::error!(%error, "an event can't be read");
    ApiError::new(ErrorCode::Internal, "An event can't be read.")
}
