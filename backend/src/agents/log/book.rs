use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use shared_types::{model::LogEntry, topic::Topic, value::RunId};
use tokio::sync::watch;

use super::{Appended, LogError, Page, RunLogs};

/// The newest entries of a log that are held in memory: what is told live comes from here, whoever is further back reads
/// where it is kept.
const HELD_ENTRIES: usize = 256;
/// Logs of which the newest entries are held.
const HELD_LOGS: usize = 256;

/// The logs of an organization's runs, and who waits for them. However many look on, an entry is written and kept once.
pub struct LogBook {
    store: Arc<dyn RunLogs>,
    held: Mutex<Held>,
    /// How often anything was written.
    version: AtomicU64,
    written: watch::Sender<()>,
    wake: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

#[derive(Default)]
struct Held {
    tails: HashMap<RunId, Tail>,
}

impl Held {
    fn forget_surplus(&mut self) {
        if self.tails.len() > HELD_LOGS {
            let oldest = self.tails.iter().min_by_key(|(_, tail)| tail.version);
            if let Some(oldest) = oldest.map(|(run, _)| *run) {
                self.tails.remove(&oldest);
            }
        }
    }
}

/// The newest entries of a log.
struct Tail {
    entries: VecDeque<LogEntry>,
    /// The offset of the last of them.
    last: u64,
    /// When it was last written to, as [`LogBook::version`] counts.
    version: u64,
    /// Whether another node wrote to it last: then what is held is not the end of it.
    elsewhere: bool,
}

impl LogBook {
    /// A book over where logs are kept.
    pub fn new(store: Arc<dyn RunLogs>) -> Self {
        Self {
            store,
            held: Mutex::default(),
            version: AtomicU64::new(0),
            written: watch::Sender::new(()),
            wake: OnceLock::new(),
        }
    }

    /// Another number whenever something was written.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Another number whenever this log was written to; 0 where that was before this process.
    pub fn version_of(&self, run: RunId) -> u64 {
        self.held().tails.get(&run).map_or(0, |tail| tail.version)
    }

    /// Does this too whenever something was written.
    pub fn on_write(&self, wake: impl Fn() + Send + Sync + 'static) {
        // A book is told by one hub.
        let _ = self.wake.set(Box::new(wake));
    }

    /// Woken whenever something was written.
    pub fn written(&self) -> watch::Receiver<()> {
        self.written.subscribe()
    }

    /// The topics of the logs that were written to after a version.
    pub fn topics_since(&self, version: u64) -> Vec<Topic> {
        let held = self.held();
        let newer = held.tails.iter().filter(|(_, tail)| tail.version > version);
        newer.map(|(run, _)| Topic::Run(*run)).collect()
    }

    /// Adds entries to a run's log: the offset of the first.
    pub async fn append(
        &self,
        run: RunId,
        fence: u64,
        entries: Vec<LogEntry>,
    ) -> Result<u64, LogError> {
        self.append_once(run, fence, entries, None).await
    }

    /// The same for a worker who can't know whether it was heard: what was written last by this key is not written again.
    pub async fn append_once(
        &self,
        run: RunId,
        fence: u64,
        entries: Vec<LogEntry>,
        key: Option<String>,
    ) -> Result<u64, LogError> {
        let appended = self.store.append_once(run, fence, entries.clone(), key);
        let Appended { first, is_repeat } = appended.await?;
        if is_repeat {
            return Ok(first);
        }
        let mut held = self.held();
        let version = self.version.load(Ordering::Relaxed) + 1;
        let tail = held.tails.entry(run).or_insert_with(|| Tail {
            entries: VecDeque::new(),
            last: first - 1,
            version,
            elsewhere: false,
        });
        if tail.last + 1 != first {
            // Another node wrote in between: what is held would have a hole.
            tail.entries.clear();
        }
        tail.elsewhere = false;
        tail.last = first + entries.len() as u64 - 1;
        tail.version = version;
        tail.entries.extend(entries);
        let surplus = tail.entries.len().saturating_sub(HELD_ENTRIES);
        tail.entries.drain(..surplus);
        held.forget_surplus();
        drop(held);
        self.tell(version);
        Ok(first)
    }

    /// Another node has written to a log: what is new is read from where it is kept.
    pub fn written_elsewhere(&self, run: RunId) {
        let mut held = self.held();
        let version = self.version.load(Ordering::Relaxed) + 1;
        let tail = held.tails.entry(run).or_insert_with(|| Tail {
            entries: VecDeque::new(),
            last: 0,
            version,
            elsewhere: true,
        });
        tail.elsewhere = true;
        tail.version = version;
        held.forget_surplus();
        drop(held);
        self.tell(version);
    }

    /// The logs that were written to here after a version.
    pub fn written_here_since(&self, version: u64) -> Vec<RunId> {
        let held = self.held();
        let newer = held.tails.iter();
        let newer = newer.filter(|(_, tail)| tail.version > version && !tail.elsewhere);
        newer.map(|(run, _)| *run).collect()
    }

    fn tell(&self, version: u64) {
        self.version.store(version, Ordering::Release);
        self.written.send_replace(());
        if let Some(wake) = self.wake.get() {
            wake();
        }
    }

    /// What is held in memory after an offset; none where that does not reach back far enough.
    pub fn held_after(&self, run: RunId, after: u64, limit: usize) -> Option<Page> {
        let held = self.held();
        let tail = held.tails.get(&run).filter(|tail| !tail.elsewhere)?;
        let first = tail.last - tail.entries.len() as u64 + 1;
        if after + 1 < first {
            return None;
        }
        let skip = usize::try_from(after + 1 - first).unwrap_or(usize::MAX);
        let entries = tail.entries.iter().skip(skip).take(limit);
        Some(Page {
            entries: entries.cloned().collect(),
            last: tail.last,
        })
    }

    /// The newest entries that are held in memory: none where somebody else writes the log.
    pub fn newest(&self, run: RunId, most: usize) -> Vec<LogEntry> {
        let held = self.held();
        let Some(tail) = held.tails.get(&run) else {
            return Vec::new();
        };
        let skip = tail.entries.len().saturating_sub(most);
        tail.entries.iter().skip(skip).cloned().collect()
    }

    /// The entries after an offset, at most so many.
    pub async fn read(&self, run: RunId, after: u64, limit: usize) -> Result<Page, LogError> {
        match self.held_after(run, after, limit) {
            Some(page) => Ok(page),
            None => self.store.read(run, after, limit).await,
        }
    }

    /// The same, waiting for an entry where there is none yet.
    pub async fn wait(
        &self,
        run: RunId,
        after: u64,
        limit: usize,
        wait: Duration,
    ) -> Result<Page, LogError> {
        let mut written = self.written();
        let there = async {
            loop {
                let page = self.read(run, after, limit).await?;
                if !page.entries.is_empty() || written.changed().await.is_err() {
                    return Ok(page);
                }
            }
        };
        match tokio::time::timeout(wait, there).await {
            Ok(page) => page,
            Err(_) => self.read(run, after, limit).await,
        }
    }

    /// Forgets the oldest logs where there are more than so many, save those of these runs.
    pub async fn prune(&self, keep: usize, live: BTreeSet<RunId>) -> Result<(), LogError> {
        self.store.prune(keep, live).await
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
