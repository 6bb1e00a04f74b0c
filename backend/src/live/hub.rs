use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use arc_swap::ArcSwapOption;
use shared_types::topic::Topic;

use super::{
    entry::Entry,
    held::{Budget, Held},
    latest::Latest,
    line::Line,
    metrics,
    narrowed::Narrowed,
    presence::Presence,
    signal::Signal,
    snapshot::Snapshots,
};
use crate::{
    agents::log::LogBook,
    engine::{Model, Published, Publisher},
    journal::Journal,
};

/// The topic logs of one organization on one node, and everything its readers share.
pub struct Hub {
    /// Where readers go on that are further back than the line reaches.
    pub(super) journal: Arc<dyn Journal>,
    pub(super) latest: Latest,
    pub(super) narrowed: Narrowed,
    pub(super) presence: Presence,
    pub(super) snapshots: Snapshots,
    held: Arc<Held>,
    /// Events up to here are in all their rings.
    visible: AtomicU64,
    /// Never behind `visible`.
    model: ArcSwapOption<Model>,
    /// How often the line has started again.
    life: AtomicU64,
    /// How often somebody may see or do less than before.
    access: AtomicU64,
    workers: RwLock<Vec<Arc<Signal>>>,
    /// The topics that are followed on this node, and by how many workers.
    followed: Mutex<HashMap<Topic, usize>>,
    closing: AtomicBool,
    /// What the runs write, told beside the line.
    logs: OnceLock<Arc<LogBook>>,
}

impl Hub {
    /// A hub that waits for its model.
    pub fn new(journal: Arc<dyn Journal>) -> Arc<Self> {
        Self::within(journal, Budget::of_node())
    }

    /// A hub that shares these bytes with others.
    pub fn within(journal: Arc<dyn Journal>, budget: Arc<Budget>) -> Arc<Self> {
        metrics::describe();
        Arc::new(Self {
            journal,
            latest: Latest::default(),
            narrowed: Narrowed::default(),
            presence: Presence::default(),
            snapshots: Snapshots::default(),
            held: Held::new(budget),
            visible: AtomicU64::new(0),
            model: ArcSwapOption::empty(),
            life: AtomicU64::new(0),
            access: AtomicU64::new(0),
            workers: RwLock::default(),
            followed: Mutex::default(),
            closing: AtomicBool::new(false),
            logs: OnceLock::new(),
        })
    }

    /// Whether what others write is heard; where there are no others, there is nothing to miss.
    pub(super) fn hears(&self) -> bool {
        let others = self.journal.watch();
        others.is_none_or(|others| others.borrow().hears)
    }

    /// The position up to which every event is in its rings.
    pub fn visible(&self) -> u64 {
        self.visible.load(Ordering::Acquire)
    }

    /// The model, at [`Self::visible`] or a moment ahead of it; none before the engine has loaded it.
    pub fn model(&self) -> Option<Arc<Model>> {
        self.model.load_full()
    }

    /// Tells every connection to come back later, and to close.
    pub fn close(&self) {
        self.closing.store(true, Ordering::Release);
        self.latest.wake_flusher();
        self.presence.wake();
        self.signal();
    }

    /// Lets go of what it holds of an organization that is closed.
    pub fn let_go(&self) {
        self.model.store(None);
        self.held.change(|line| line.reset(self.visible()));
    }

    /// From now on, these logs are told to those who ask for them.
    pub fn tell_logs(self: &Arc<Self>, logs: &Arc<LogBook>) {
        let hub = Arc::downgrade(self);
        logs.on_write(move || {
            if let Some(hub) = hub.upgrade() {
                hub.signal();
            }
        });
        // A hub is of one organization, whose logs do not change.
        let _ = self.logs.set(Arc::clone(logs));
    }

    /// What the runs write.
    pub(super) fn logs(&self) -> Option<&Arc<LogBook>> {
        self.logs.get()
    }

    /// Whether [`Self::close`] was called.
    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    /// Every connection looks again who it is.
    pub fn access_changed(&self) {
        self.access.fetch_add(1, Ordering::AcqRel);
        self.signal();
    }

    /// Another number whenever connections have to look again who they are.
    pub(super) fn access(&self) -> u64 {
        self.access.load(Ordering::Acquire)
    }

    /// Another number whenever the line has started again.
    pub(super) fn life(&self) -> u64 {
        self.life.load(Ordering::Acquire)
    }

    pub(super) fn line(&self) -> MutexGuard<'_, Line> {
        self.held.line()
    }

    pub(super) fn enlist(&self, signal: Arc<Signal>) {
        self.workers
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(signal);
    }

    pub(super) fn discharge(&self, signal: &Arc<Signal>) {
        self.workers
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|other| !Arc::ptr_eq(other, signal));
    }

    /// Wakes every worker that is not awake already.
    pub(super) fn signal(&self) {
        for signal in self
            .workers
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
        {
            signal.raise();
        }
    }

    /// A worker has its first follower of a topic.
    pub(super) fn follow(&self, topic: Topic) {
        *lock(&self.followed).entry(topic).or_default() += 1;
    }

    /// A worker has lost its last follower of a topic.
    pub(super) fn unfollow(&self, topic: Topic) {
        let mut followed = lock(&self.followed);
        if let Some(workers) = followed.get_mut(&topic) {
            *workers -= 1;
            if *workers == 0 {
                followed.remove(&topic);
                self.latest.forget(topic);
            }
        }
    }

    /// Whether anybody on this node follows anything.
    pub fn is_watched(&self) -> bool {
        !lock(&self.followed).is_empty()
    }

    /// Whether anybody on this node follows a topic.
    pub(super) fn is_followed(&self, topic: Topic) -> bool {
        lock(&self.followed).contains_key(&topic)
    }

    /// The followed topics that a model no longer shows.
    fn gone(&self, model: &Model) -> Vec<Topic> {
        let mut topics: Vec<Topic> = lock(&self.followed).keys().copied().collect();
        topics.retain(|topic| !model.aggregate.has_topic(*topic));
        topics
    }
}

impl Publisher for Hub {
    fn reset(&self, model: &Arc<Model>) {
        self.model.store(Some(Arc::clone(model)));
        self.latest.reset(model.cursor.seq);
        self.held.change(|line| line.reset(model.cursor.seq));
        self.visible.store(model.cursor.seq, Ordering::Release);
        self.life.fetch_add(1, Ordering::AcqRel);
        self.signal();
    }

    fn publish(&self, model: &Arc<Model>, events: &[Published]) {
        let Some(last) = events.last() else { return };
        // In this order: who starts to follow a topic is either among the followed below, or sees the new model.
        self.model.store(Some(Arc::clone(model)));
        let deletes = events.iter().any(may_delete);
        let mut gone = if deletes {
            self.gone(model)
        } else {
            Vec::new()
        };
        let mut entries: Vec<Arc<Entry>> = Vec::with_capacity(events.len());
        for event in events.iter().rev() {
            // The last deletion of a batch answers for all of them: none of them has happened after it.
            let gone = if may_delete(event) {
                std::mem::take(&mut gone)
            } else {
                Vec::new()
            };
            entries.push(Arc::new(Entry::live(event, gone)));
        }
        self.held
            .add(|line| entries.into_iter().rev().for_each(|entry| line.push(entry)));
        self.latest.changed(events);
        self.visible.store(last.seq, Ordering::Release);
        if deletes && events.iter().any(may_delete_member) {
            self.access.fetch_add(1, Ordering::AcqRel);
        }
        self.signal();
    }
}

/// Whether an event may be a deletion. Text that looks like one costs a needless look at the followed topics.
fn may_delete(event: &Published) -> bool {
    has_mark(event, b".deleted\"")
}

/// Whether an event may have deleted a member, by whose account nobody gets in from here on.
fn may_delete_member(event: &Published) -> bool {
    has_mark(event, b"\"member.deleted\"")
}

fn has_mark(event: &Published, mark: &[u8]) -> bool {
    event.frame.windows(mark.len()).any(|window| window == mark)
}

/// What is kept under a lock is whole after every step, so a panic elsewhere does not spoil it.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
