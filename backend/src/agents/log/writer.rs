use std::time::{Duration, Instant};

use shared_types::model::{LogEntry, Logged};

use crate::auth::now;

/// Between two writes: twenty entries a second at most, however small the pieces are in which a text comes.
const PACE: Duration = Duration::from_millis(50);
/// What is written at once when it comes faster than that.
const FULL_BYTES: usize = 16 * 1024;

/// What a run has said and nobody has written yet.
#[derive(Debug)]
pub struct Unwritten {
    waiting: Vec<Logged>,
    bytes: usize,
    taken: Instant,
}

impl Default for Unwritten {
    fn default() -> Self {
        Self {
            waiting: Vec::new(),
            bytes: 0,
            taken: Instant::now(),
        }
    }
}

impl Unwritten {
    /// Adds an entry: whether it is time to write.
    pub fn add(&mut self, entry: Logged) -> bool {
        self.bytes += entry.size();
        let rest = match self.waiting.last_mut() {
            Some(last) => last.join(entry),
            None => Some(entry),
        };
        self.waiting.extend(rest);
        self.taken.elapsed() >= PACE || self.bytes >= FULL_BYTES
    }

    /// When what waits is to be written; none where nothing waits.
    pub fn due(&self) -> Option<Instant> {
        (!self.waiting.is_empty()).then(|| self.taken + PACE)
    }

    /// What is to be written now.
    pub fn take(&mut self) -> Vec<LogEntry> {
        self.bytes = 0;
        self.taken = Instant::now();
        let at = Some(now());
        let entries = std::mem::take(&mut self.waiting).into_iter();
        entries.map(|what| LogEntry { at, what }).collect()
    }
}
