use std::time::{Duration, Instant};

use shared_types::{
    model::{LogEntry, Logged},
    value::RunId,
};

use super::{LogBook, LogError};
use crate::auth::now;

/// Between two writes: twenty entries a second at most, however small the pieces are in which a text comes.
const PACE: Duration = Duration::from_millis(50);
/// What is written at once when it comes faster than that.
const FULL_BYTES: usize = 16 * 1024;

/// A worker's hand in the log of its run.
pub struct LogWriter<'a> {
    book: &'a LogBook,
    run: RunId,
    fence: u64,
    waiting: Vec<Logged>,
    bytes: usize,
    written: Instant,
}

impl<'a> LogWriter<'a> {
    /// Writes by this claim.
    pub fn new(book: &'a LogBook, run: RunId, fence: u64) -> Self {
        Self {
            book,
            run,
            fence,
            waiting: Vec::new(),
            bytes: 0,
            written: Instant::now(),
        }
    }

    /// Adds an entry, which is written soon.
    pub async fn add(&mut self, entry: Logged) -> Result<(), LogError> {
        self.bytes += entry.size();
        let rest = match self.waiting.last_mut() {
            Some(last) => last.join(entry),
            None => Some(entry),
        };
        self.waiting.extend(rest);
        if self.written.elapsed() >= PACE || self.bytes >= FULL_BYTES {
            self.flush().await?;
        }
        Ok(())
    }

    /// When what waits is to be written; none where nothing waits.
    pub fn due(&self) -> Option<Instant> {
        (!self.waiting.is_empty()).then(|| self.written + PACE)
    }

    /// Writes what waits.
    pub async fn flush(&mut self) -> Result<(), LogError> {
        self.bytes = 0;
        self.written = Instant::now();
        if self.waiting.is_empty() {
            return Ok(());
        }
        let at = Some(now());
        let entries = std::mem::take(&mut self.waiting).into_iter();
        let entries = entries.map(|what| LogEntry { at, what }).collect();
        self.book.append(self.run, self.fence, entries).await?;
        Ok(())
    }
}
