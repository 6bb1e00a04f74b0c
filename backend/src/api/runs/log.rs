use std::time::Duration;

use actix_web::{
    get, post,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};
use shared_types::{
    ErrorCode, Rejection,
    model::{Entity, LogEntry, Logged},
};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{fence::check_claim, past};
use crate::{
    agents::log::LogError,
    api::{
        ApiError,
        path::RunPath,
        read::Read,
        write::{Reply, Write},
    },
    auth::{Auth, now},
};

/// Entries in one answer.
const MOST_READ: usize = 1_000;
/// Entries in one request, and bytes of their text.
const MOST_WRITTEN: usize = 100;
const MOST_BYTES: usize = 256 * 1024;
/// Seconds that an answer is held back, at most.
const MOST_WAIT: u64 = 30;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(read_log).service(write_log);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LogQuery {
    /// The offset of the last entry that you have; 0 for none.
    #[param(value_type = Option<u64>, default = 0)]
    after: Option<String>,
    /// For how many seconds the answer is held back until there is an entry.
    #[param(value_type = Option<u64>, minimum = 0, maximum = 30, default = 0)]
    wait: Option<String>,
}

/// A part of a run's log.
#[derive(Debug, Serialize, ToSchema)]
struct LogPart {
    /// The offset of the first entry here; the others follow without a hole.
    offset: u64,
    entries: Vec<LogEntry>,
    /// The offset of the last entry there is.
    last: u64,
}

/// What a run has written, at most 1,000 entries
#[utoipa::path(tag = "runs", params(RunPath, LogQuery), responses((status = 200, body = LogPart)))]
#[get("/runs/{run}/log")]
async fn read_log(path: Path<RunPath>, read: Read, auth: Data<Auth>) -> Reply {
    let run = past::find(&read, &path).await?.id();
    let query: LogQuery = read.query()?;
    let after = number("after", query.after.as_deref(), u64::MAX - 1)?;
    let wait = number("wait", query.wait.as_deref(), MOST_WAIT)?;
    let logs = &read.state.office.logs;
    let page = if wait == 0 {
        logs.read(run, after, MOST_READ).await
    } else {
        let _held = auth.hold(Some(&read.principal), read.principal.from)?;
        let wait = Duration::from_secs(wait);
        logs.wait(run, after, MOST_READ, wait).await
    };
    let page = page.map_err(unreadable)?;
    read.plain(LogPart {
        offset: after + 1,
        entries: page.entries,
        last: page.last,
    })
}

/// Entries of a worker elsewhere.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewEntries {
    /// The `fence` of the claim.
    fence: u64,
    /// 1 to 100; pieces of the same text are put together.
    entries: Vec<LogEntry>,
}

/// Where entries were written.
#[derive(Debug, Serialize, ToSchema)]
struct Written {
    /// The offset of the first of them.
    offset: u64,
}

/// Write to the log of a run that you have claimed
#[utoipa::path(
    tag = "workers",
    params(RunPath),
    request_body(
        content = NewEntries,
        example = json!({ "fence": 118, "entries": [{ "kind": "text", "text": "I look at the form." }] }),
    ),
    responses((status = 200, body = Written)),
)]
#[post("/runs/{run}/log")]
async fn write_log(path: Path<RunPath>, write: Write) -> Reply {
    let NewEntries { fence, entries } = write.body()?;
    let run = path.into_inner().run;
    check_claim(&write, run, fence).await?;
    let bytes: usize = entries.iter().map(|entry| entry.what.size()).sum();
    if entries.is_empty() || entries.len() > MOST_WRITTEN || bytes > MOST_BYTES {
        let message =
            "must be 1 to 100 entries with at most 256 KiB of text: send them in several requests";
        return Err(Rejection::field(ErrorCode::Validation, "/entries", message).into());
    }
    let office = &write.state().office;
    let entries = joined(entries);
    let key = write.key().map(str::to_owned);
    let written = office.logs.append_once(run, fence, entries, key).await;
    let offset = written.map_err(unreadable)?;
    office.leases.renew(run, fence).await;
    Ok(write.plain(Written { offset }))
}

/// Pieces of the same text become one entry; each entry has its time.
fn joined(entries: Vec<LogEntry>) -> Vec<LogEntry> {
    let mut joined: Vec<LogEntry> = Vec::new();
    for LogEntry { at, what } in entries {
        let rest: Option<Logged> = match joined.last_mut() {
            Some(last) => last.what.join(what),
            None => Some(what),
        };
        let at = at.or_else(|| Some(now()));
        joined.extend(rest.map(|what| LogEntry { at, what }));
    }
    joined
}

fn number(name: &str, text: Option<&str>, most: u64) -> Result<u64, ApiError> {
    let number = text.map_or(Ok(0), str::parse);
    let number = number.ok().filter(|number| *number <= most);
    number.ok_or_else(|| ApiError::parameter(name, format!("must be a number from 0 to {most}")))
}

fn unreadable(error: LogError) -> ApiError {
    match error {
        LogError::Stale(_) => ApiError::new(ErrorCode::StaleClaim, format!("Stop: {error}.")),
        LogError::Broken(why) => {
            tracing::error!(why, "a run's log can't be used");
            ApiError::new(
                ErrorCode::Unavailable,
                "The log can't be used now: try again in a moment.",
            )
        }
    }
}
