//! Dropping what need not be kept any more, so that Redis' memory does not grow for ever.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
    time::{SystemTime, UNIX_EPOCH},
};

use redis::{Script, cmd};
use serde::{Deserialize, Serialize};
use shared_types::value::Timestamp;

use super::{
    RedisServer,
    entry::{self, Entry},
    error::Failure,
    keys::Keys,
};
use crate::journal::Record;

static TRIM: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("trim.lua")));

/// Records dropped at a time.
const PAGE: usize = 1_000;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// What is kept in any case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keep {
    /// So many of the newest events.
    pub events: u64,
    /// Those that are younger than this.
    pub millis: i64,
    /// What a database agent does not have yet, if it was seen in this time.
    pub agent_millis: i64,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            events: 100_000,
            millis: 30 * DAY_MILLIS,
            agent_millis: 7 * DAY_MILLIS,
        }
    }
}

/// How far a database agent is, as it says itself.
#[derive(Debug, Serialize, Deserialize)]
struct Agent {
    seq: u64,
    seen_at_millis: i64,
}

/// Drops what lies before a saved model, and is neither among what is kept in any case nor missed by a database agent.
pub(super) async fn trim(
    server: &RedisServer,
    keys: &Keys,
    keep: Keep,
    saved: u64,
) -> Result<(), Failure> {
    let now = now();
    // The record at the saved model's own position stays: by it the model is known to be of this line.
    let newest = saved.saturating_sub(keep.events.max(1));
    let limit = newest.min(agents(server, keys, keep, now).await?);
    let mut dropped = 0;
    loop {
        let range = async |connection: &mut _| {
            let mut range = cmd("XRANGE");
            range.arg(&keys.journal).arg("-").arg(limit);
            range.arg("COUNT").arg(PAGE);
            range.query_async::<Vec<Entry>>(connection).await
        };
        let records = entry::records(server.ask(range).await?)?;
        let is_old = |record: &&Record| at(record).is_some_and(|at| now - at > keep.millis);
        let old: Vec<&Record> = records.iter().take_while(is_old).collect();
        let Some(last) = old.last() else {
            break;
        };
        let indexes: BTreeSet<String> = old
            .iter()
            .flat_map(|record| &record.prev)
            .map(|(topic, _)| keys.index(topic))
            .collect();
        let mut names = vec![keys.state.as_str(), &keys.journal];
        names.extend(indexes.iter().map(String::as_str));
        let (position, stays) = (last.seq.to_string(), format!("{}-0", last.seq + 1));
        server
            .run::<()>(&TRIM, &names, &[&position, &stays])
            .await?;
        dropped += old.len();
        if old.len() < PAGE {
            break;
        }
    }
    if dropped > 0 {
        tracing::info!(line = keys.state, dropped, "old events were dropped");
    }
    Ok(())
}

/// Notes how far a database agent is, and that it is there.
pub(super) async fn copied(
    server: &RedisServer,
    keys: &Keys,
    name: &str,
    seq: u64,
) -> Result<(), Failure> {
    let agent = Agent {
        seq,
        seen_at_millis: now(),
    };
    let json =
        serde_json::to_string(&agent).map_err(|error| Failure::Nonsense(error.to_string()))?;
    let ask = async |connection: &mut _| {
        let mut set = cmd("HSET");
        set.arg(&keys.agents).arg(name).arg(&json);
        set.query_async::<()>(connection).await
    };
    server.ask(ask).await
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}

/// The position that every database agent has which was seen lately.
async fn agents(server: &RedisServer, keys: &Keys, keep: Keep, now: i64) -> Result<u64, Failure> {
    let all = async |connection: &mut _| {
        let mut all = cmd("HGETALL");
        all.arg(&keys.agents);
        all.query_async::<HashMap<String, String>>(connection).await
    };
    let mut least = u64::MAX;
    for (name, json) in server.ask(all).await? {
        match serde_json::from_str::<Agent>(&json) {
            Ok(agent) if now - agent.seen_at_millis > keep.agent_millis => {}
            Ok(agent) => least = least.min(agent.seq),
            Err(error) => {
                tracing::warn!(%error, name, "it can't be read how far a database agent is, so nothing is dropped");
                return Ok(0);
            }
        }
    }
    Ok(least)
}

/// When a record's event happened, in milliseconds since 1970.
fn at(record: &Record) -> Option<i64> {
    #[derive(Deserialize)]
    struct Timed {
        at: Timestamp,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Frame {
        Message { event: Timed },
        Event(Timed),
    }
    let frame = serde_json::from_slice(&record.frame).ok()?;
    let (Frame::Message { event } | Frame::Event(event)) = frame;
    Some(event.at.as_millis())
}
