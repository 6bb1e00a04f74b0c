use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use futures_util::{FutureExt, future::BoxFuture};
use redis::{Script, cmd};
use shared_types::{model::LogEntry, value::RunId};

use super::SharedLine;
use crate::{
    agents::log::{Appended, LogError, Page, RunLogs},
    journal::RedisFailure,
};

static APPEND: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("append_log.lua")));
static FORGET: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("forget_log.lua")));

/// The field of a stream's entry.
const FIELD: &str = "entry";

/// Logs that every node writes and reads.
pub struct RedisLogs {
    line: SharedLine,
    /// Sorted set: the runs that have a log, by when each was begun.
    index: String,
    /// Hash: the claim that wrote last, by run.
    fences: String,
    /// Hash: the key that wrote last, by run.
    keys: String,
}

type Entries = Vec<(String, Vec<(String, String)>)>;

impl RedisLogs {
    pub fn new(line: SharedLine) -> Self {
        Self {
            index: line.key("logs"),
            fences: line.key("log-fences"),
            keys: line.key("log-keys"),
            line,
        }
    }

    async fn write(
        &self,
        run: RunId,
        fence: u64,
        entries: &[LogEntry],
        key: &str,
    ) -> Result<Appended, LogError> {
        let texts: Result<Vec<String>, _> = entries.iter().map(serde_json::to_string).collect();
        let texts = texts.map_err(|error| LogError::Broken(error.to_string()))?;
        let (log, run, fence) = (self.line.log(run), run.to_string(), fence.to_string());
        let mut arguments = vec![run.as_str(), fence.as_str(), FIELD, key];
        arguments.extend(texts.iter().map(String::as_str));
        let keys = [&*log, &self.fences, &self.index, &self.keys];
        let (is_stale, number, is_repeat): (bool, u64, bool) =
            self.line.server.run(&APPEND, &keys, &arguments).await?;
        match is_stale {
            true => Err(LogError::Stale(number)),
            false => Ok(Appended {
                first: number,
                is_repeat,
            }),
        }
    }

    async fn range(
        &self,
        run: RunId,
        command: &str,
        (from, to): (&str, &str),
        limit: usize,
    ) -> Result<Vec<(u64, String)>, LogError> {
        let log = self.line.log(run);
        let ask = async |connection: &mut _| {
            let mut range = cmd(command);
            range.arg(&log).arg(from).arg(to).arg("COUNT").arg(limit);
            range.query_async::<Entries>(connection).await
        };
        let entries = self.line.server.ask(ask).await?;
        entries.into_iter().map(entry).collect()
    }

    async fn page(&self, run: RunId, after: u64, limit: usize) -> Result<Page, LogError> {
        let after = format!("({after}-0");
        let (entries, newest) = tokio::try_join!(
            self.range(run, "XRANGE", (&after, "+"), limit),
            self.range(run, "XREVRANGE", ("+", "-"), 1),
        )?;
        // Between the two it may have grown.
        let newest = newest.first().map_or(0, |(offset, _)| *offset);
        let last = entries
            .last()
            .map_or(newest, |(offset, _)| newest.max(*offset));
        let read = entries.iter().map(|(_, text)| serde_json::from_str(text));
        Ok(Page {
            entries: read
                .collect::<Result<_, _>>()
                .map_err(|error| LogError::Broken(error.to_string()))?,
            last,
        })
    }

    async fn written(&self) -> Result<Vec<(RunId, u64)>, LogError> {
        let begun = async |connection: &mut _| {
            let mut range = cmd("ZRANGE");
            range.arg(&self.index).arg(0).arg(-1);
            range.query_async::<Vec<String>>(connection).await
        };
        let fences = async |connection: &mut _| {
            let mut all = cmd("HGETALL");
            all.arg(&self.fences);
            all.query_async::<HashMap<String, u64>>(connection).await
        };
        let begun = self.line.server.ask(begun).await?;
        let fences = self.line.server.ask(fences).await?;
        let run = |name: &String| Some((name.parse().ok()?, *fences.get(name)?));
        Ok(begun.iter().filter_map(run).collect())
    }

    async fn forget(&self, keep: usize, live: &BTreeSet<RunId>) -> Result<(), LogError> {
        let index = &self.index;
        let ask = async |connection: &mut _| {
            let mut range = cmd("ZREVRANGE");
            range.arg(index).arg(keep).arg(-1);
            range.query_async::<Vec<String>>(connection).await
        };
        for name in self.line.server.ask(ask).await? {
            let Ok(run) = name.parse::<RunId>() else {
                continue;
            };
            if !live.contains(&run) {
                let keys = [&*self.line.log(run), &self.fences, &self.index, &self.keys];
                self.line.server.run::<()>(&FORGET, &keys, &[&name]).await?;
            }
        }
        Ok(())
    }
}

/// An entry of the stream: its offset, and the JSON of what was written.
fn entry((id, fields): (String, Vec<(String, String)>)) -> Result<(u64, String), LogError> {
    let offset = id.split('-').next().and_then(|offset| offset.parse().ok());
    let text = fields.into_iter().find(|(name, _)| name == FIELD);
    match (offset, text) {
        (Some(offset), Some((_, text))) => Ok((offset, text)),
        _ => Err(LogError::Broken(format!(
            "entry {id} of a log is not as it was written"
        ))),
    }
}

impl From<RedisFailure> for LogError {
    fn from(failure: RedisFailure) -> Self {
        LogError::Broken(failure.to_string())
    }
}

impl RunLogs for RedisLogs {
    fn append_once(
        &self,
        run: RunId,
        fence: u64,
        entries: Vec<LogEntry>,
        key: Option<String>,
    ) -> BoxFuture<'_, Result<Appended, LogError>> {
        async move {
            let key = key.unwrap_or_default();
            self.write(run, fence, &entries, &key).await
        }
        .boxed()
    }

    fn read(&self, run: RunId, after: u64, limit: usize) -> BoxFuture<'_, Result<Page, LogError>> {
        self.page(run, after, limit).boxed()
    }

    fn runs(&self) -> BoxFuture<'_, Result<Vec<(RunId, u64)>, LogError>> {
        self.written().boxed()
    }

    fn prune(&self, keep: usize, live: BTreeSet<RunId>) -> BoxFuture<'_, Result<(), LogError>> {
        async move { self.forget(keep, &live).await }.boxed()
    }
}
