//! What runs write as they work, beside the organization's line of events: each run's log has offsets of its own, from 1
//! without a hole.

mod book;
mod glance;
mod shared;
mod sqlite;
#[cfg(test)]
mod tests;
mod writer;

use std::collections::BTreeSet;

use futures_util::{FutureExt, TryFutureExt, future::BoxFuture};
use shared_types::{model::LogEntry, value::RunId};

pub use book::LogBook;
pub use glance::{cut, glance};
pub use shared::share_logs;
pub use sqlite::SqliteLogs;
pub use writer::Unwritten;

/// Where logs are kept.
pub trait RunLogs: Send + Sync {
    /// Adds entries to a run's log: the offset of the first of them. Whoever has an older claim than the last that
    /// wrote is refused.
    fn append(
        &self,
        run: RunId,
        fence: u64,
        entries: Vec<LogEntry>,
    ) -> BoxFuture<'_, Result<u64, LogError>> {
        let appended = self.append_once(run, fence, entries, None);
        appended.map_ok(|appended| appended.first).boxed()
    }

    /// The same for somebody who can't know whether it was heard: what was written last by this key is not written again,
    /// wherever and whenever that was.
    fn append_once(
        &self,
        run: RunId,
        fence: u64,
        entries: Vec<LogEntry>,
        key: Option<String>,
    ) -> BoxFuture<'_, Result<Appended, LogError>>;

    /// The entries after an offset, at most so many.
    fn read(&self, run: RunId, after: u64, limit: usize) -> BoxFuture<'_, Result<Page, LogError>>;

    /// The runs that have a log, and the newest claim that wrote to each, the oldest first.
    fn runs(&self) -> BoxFuture<'_, Result<Vec<(RunId, u64)>, LogError>>;

    /// Forgets the oldest logs where there are more than so many, save those of these runs.
    fn prune(&self, keep: usize, live: BTreeSet<RunId>) -> BoxFuture<'_, Result<(), LogError>>;
}

/// Where entries are in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// The offset of the first of them.
    pub first: u64,
    /// They were there already.
    pub is_repeat: bool,
}

/// A part of a log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// The first is the one after the offset asked for.
    pub entries: Vec<LogEntry>,
    /// The offset of the last entry there is.
    pub last: u64,
}

/// Why a log can't be written or read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LogError {
    #[error("the run was claimed anew, at {0}")]
    Stale(u64),
    #[error("the log can't be used: {0}")]
    Broken(String),
}

impl From<rusqlite::Error> for LogError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Broken(error.to_string())
    }
}
