//! The logs of runs, told beside the line of events: each has offsets of its own, and this reader a place in it. What is
//! written costs nothing more for being told: it is taken from where it is held, or read from where it is kept.

use std::sync::Arc;

use shared_types::{topic::Topic, value::RunId, wire::ServerMessage};

use super::{Reader, then};
use crate::{
    agents::log::{LogBook, Page},
    live::message::{Asked, Message},
};

/// Entries in one message.
const MOST_ENTRIES: usize = 64;

/// A log that is told.
pub struct LogFollow {
    run: RunId,
    /// The offset of the last entry that was told.
    at: u64,
    /// As it was when everything up to there had been told, as [`LogBook::version_of`] counts.
    seen: Option<u64>,
}

impl Reader {
    /// Tells the log of a run from now on, if that was asked for.
    pub(super) fn follow_log(&mut self, asked: &Asked, topic: Topic) {
        self.leave_log(topic);
        if let (Topic::Run(run), Some(at)) = (topic, asked.log_after) {
            let seen = None;
            self.logs.push(LogFollow { run, at, seen });
        }
    }

    /// Tells it no longer.
    pub(super) fn leave_log(&mut self, topic: Topic) {
        self.logs.retain(|log| Topic::Run(log.run) != topic);
    }

    /// Tells what was written meanwhile. True if there is anything to tell, or it has to be read first.
    pub(super) fn tell_logs(&mut self) -> bool {
        if self.logs.is_empty() {
            return false;
        }
        let Some(book) = self.hub.logs().cloned() else {
            return false;
        };
        let behind = |log: &&LogFollow| log.seen != Some(book.version_of(log.run));
        let Some(log) = self.logs.iter().find(behind) else {
            return false;
        };
        let (run, at, version) = (log.run, log.at, book.version_of(log.run));
        match book.held_after(run, at, MOST_ENTRIES) {
            Some(page) => self.tell_page(run, at, version, page),
            None => self.read_log(book, run, at, version),
        }
        true
    }

    fn read_log(&mut self, book: Arc<LogBook>, run: RunId, at: u64, version: u64) {
        self.wait_for(async move {
            let page = book.read(run, at, MOST_ENTRIES).await;
            then(move |reader| match page {
                Ok(page) => reader.tell_page(run, at, version, page),
                Err(error) => {
                    tracing::warn!(%error, %run, "a log can't be told");
                    reader.end(Topic::Run(run), "log_unavailable");
                }
            })
        });
    }

    fn tell_page(&mut self, run: RunId, at: u64, version: u64, page: Page) {
        // It may have been left, or begun anew, while it was read.
        let mut logs = self.logs.iter_mut();
        let Some(log) = logs.find(|log| log.run == run && log.at == at) else {
            return;
        };
        log.at += page.entries.len() as u64;
        log.seen = (page.entries.len() < MOST_ENTRIES).then_some(version);
        if page.entries.is_empty() {
            return;
        }
        // An entry is a struct with string keys, which always serialises.
        let entries = page.entries.iter().map(serde_json::to_value);
        let message = ServerMessage::Log {
            topic: Topic::Run(run),
            offset: at + 1,
            entries: entries.map(Result::unwrap_or_default).collect(),
        };
        self.tell(Message::new(&message));
    }
}
