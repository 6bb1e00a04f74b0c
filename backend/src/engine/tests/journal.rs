use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use futures_util::{FutureExt, future::BoxFuture};
use serde_json::Value;
use shared_types::{directory::ProofChange, topic::Topic, value::EventId, wire::Epoch};
use tokio::sync::{Semaphore, watch};

use crate::journal::{
    AppendError, Head, Heard, Journal, ReadError, Record, SqliteJournal, StoredSnapshot,
};

/// What befalls one append.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fault {
    /// It is refused.
    Refused,
    /// It is written, but the answer is lost.
    AnswerLost,
    /// It is lost, and nobody knows.
    Lost,
}

/// An SQLite journal that fails when it is told to.
pub(super) struct FaultyJournal {
    inner: SqliteJournal,
    /// What befalls the next appends, in order.
    pub faults: Mutex<VecDeque<Fault>>,
    /// Appends that were asked for.
    pub appends: AtomicUsize,
    /// An append takes one of these and gives it back.
    pub gate: Semaphore,
    /// What is heard of others who write to the line.
    pub heard: watch::Sender<Heard>,
    /// Whether an engine that starts is told of them.
    is_shared: AtomicBool,
    is_broken: AtomicBool,
    /// Keys are read as if they were two days old.
    is_aged: AtomicBool,
}

impl FaultyJournal {
    pub fn new(inner: SqliteJournal) -> Self {
        Self {
            inner,
            faults: Mutex::default(),
            appends: AtomicUsize::new(0),
            gate: Semaphore::new(1),
            heard: watch::Sender::new(Heard::default()),
            is_shared: AtomicBool::new(false),
            is_broken: AtomicBool::new(false),
            is_aged: AtomicBool::new(false),
        }
    }

    /// This is what befalls the next appends.
    pub fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.lock().expect("faults").extend(faults);
    }

    /// From here on nothing is saved any more, as if the process were gone.
    pub fn break_down(&self) {
        self.is_broken.store(true, Ordering::SeqCst);
    }

    /// Who starts an engine on it from here on, hears others.
    pub fn share(&self) {
        self.is_shared.store(true, Ordering::SeqCst);
    }

    /// From here on keys are read as if they were two days old.
    pub fn age(&self) {
        self.is_aged.store(true, Ordering::SeqCst);
    }

    pub fn appends(&self) -> usize {
        self.appends.load(Ordering::SeqCst)
    }

    fn broken<T>(&self) -> Option<Result<T, AppendError>> {
        let is_broken = self.is_broken.load(Ordering::SeqCst);
        is_broken.then(|| Err(AppendError::Unavailable("broken".into())))
    }
}

impl Journal for FaultyJournal {
    fn append(
        &self,
        expected: Head,
        records: Arc<[Record]>,
    ) -> BoxFuture<'_, Result<Head, AppendError>> {
        async move {
            self.appends.fetch_add(1, Ordering::SeqCst);
            let _turn = self.gate.acquire().await.expect("an open gate");
            if let Some(broken) = self.broken() {
                return broken;
            }
            let fault = self.faults.lock().expect("faults").pop_front();
            match fault {
                None => self.inner.append(expected, records).await,
                Some(Fault::Refused) => Err(AppendError::Unavailable("the disk is full".into())),
                Some(Fault::Lost) => Err(AppendError::OutcomeUnknown("no answer".into())),
                Some(Fault::AnswerLost) => {
                    // The second time it is the journal that says what came of the first.
                    let _ = self.inner.append(expected, records).await;
                    Err(AppendError::OutcomeUnknown("no answer".into()))
                }
            }
        }
        .boxed()
    }

    fn drop_snapshot(&self, seq: u64) -> BoxFuture<'_, Result<bool, AppendError>> {
        self.inner.drop_snapshot(seq)
    }

    fn founded(&self) -> BoxFuture<'_, Result<Option<Value>, ReadError>> {
        self.inner.founded()
    }

    fn found(&self, organization: Value) -> BoxFuture<'_, Result<Value, AppendError>> {
        self.inner.found(organization)
    }

    fn proofs(&self) -> BoxFuture<'_, Result<Vec<ProofChange>, ReadError>> {
        self.inner.proofs()
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), AppendError>> {
        self.inner.probe()
    }

    fn read(&self, after: u64, limit: usize) -> BoxFuture<'_, Result<Vec<Record>, ReadError>> {
        async move {
            let mut records = self.inner.read(after, limit).await?;
            if self.is_aged.load(Ordering::SeqCst) {
                let private = records
                    .iter_mut()
                    .filter_map(|record| record.private.as_mut());
                for kept in private.filter_map(|private| private.idempotency.as_mut()) {
                    kept.at_millis -= 2 * 24 * 60 * 60 * 1_000;
                }
            }
            Ok(records)
        }
        .boxed()
    }

    fn read_topic(
        &self,
        topic: Topic,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Record>, ReadError>> {
        self.inner.read_topic(topic, after, limit)
    }

    fn read_topic_back(
        &self,
        topic: Topic,
        before: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Record>, ReadError>> {
        self.inner.read_topic_back(topic, before, limit)
    }

    fn head(&self) -> BoxFuture<'_, Result<Head, ReadError>> {
        self.inner.head()
    }

    fn set_epoch(&self, instead_of: Epoch, epoch: Epoch) -> BoxFuture<'_, Result<(), AppendError>> {
        self.inner.set_epoch(instead_of, epoch)
    }

    fn snapshot(&self) -> BoxFuture<'_, Result<Option<StoredSnapshot>, ReadError>> {
        self.inner.snapshot()
    }

    fn save_snapshot(
        &self,
        at: EventId,
        snapshot: StoredSnapshot,
    ) -> BoxFuture<'_, Result<(), AppendError>> {
        match self.broken() {
            Some(broken) => async move { broken }.boxed(),
            None => self.inner.save_snapshot(at, snapshot),
        }
    }

    fn watch(&self) -> Option<watch::Receiver<Heard>> {
        let is_shared = self.is_shared.load(Ordering::SeqCst);
        is_shared.then(|| self.heard.subscribe())
    }
}
