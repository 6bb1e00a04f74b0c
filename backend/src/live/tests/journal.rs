use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use futures_util::future::{BoxFuture, FutureExt, ready};
use serde_json::Value;
use shared_types::{directory::ProofChange, topic::Topic, value::EventId, wire::Epoch};

use crate::{
    journal::{AppendError, Head, Journal, ReadError, Record, StoredSnapshot},
    live::hub::lock,
};

/// A journal in memory that is only read.
pub struct MemoryJournal {
    pub epoch: Epoch,
    pub records: Mutex<Vec<Record>>,
    /// The position after which it still has them.
    pub oldest: AtomicU64,
    /// It answers nothing.
    pub is_away: AtomicBool,
}

impl MemoryJournal {
    fn answers(&self) -> Result<(), ReadError> {
        match self.is_away.load(Ordering::Relaxed) {
            true => Err(ReadError("it is away".into())),
            false => Ok(()),
        }
    }

    fn select<'a>(
        &self,
        pass: impl Fn(&Record) -> bool,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Record>, ReadError>> {
        if let Err(error) = self.answers() {
            return ready(Err(error)).boxed();
        }
        let records = lock(&self.records);
        let selected = records
            .iter()
            .filter(|record| pass(record))
            .take(limit)
            .cloned()
            .collect();
        ready(Ok(selected)).boxed()
    }
}

/// It holds records, for reading forward: the rest of what a journal has is not here.
fn holds_no_more<'a, T: Send + 'a>() -> BoxFuture<'a, Result<T, ReadError>> {
    ready(Err(ReadError("it holds records alone".into()))).boxed()
}

/// Nobody writes here.
fn takes_nothing<'a, T: Send + 'a>() -> BoxFuture<'a, Result<T, AppendError>> {
    ready(Err(AppendError::Unavailable("it is only read".into()))).boxed()
}

impl Journal for MemoryJournal {
    fn founded(&self) -> BoxFuture<'_, Result<Option<Value>, ReadError>> {
        holds_no_more()
    }

    fn found(&self, _: Value) -> BoxFuture<'_, Result<Value, AppendError>> {
        takes_nothing()
    }

    fn append(&self, _: Head, _: Arc<[Record]>) -> BoxFuture<'_, Result<Head, AppendError>> {
        takes_nothing()
    }

    fn proofs(&self) -> BoxFuture<'_, Result<Vec<ProofChange>, ReadError>> {
        holds_no_more()
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), AppendError>> {
        takes_nothing()
    }

    fn read(&self, after: u64, limit: usize) -> BoxFuture<'_, Result<Vec<Record>, ReadError>> {
        self.select(|record| record.seq > after, limit)
    }

    fn read_topic(
        &self,
        topic: Topic,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Record>, ReadError>> {
        let on = |record: &Record| {
            topic == Topic::All || record.prev.iter().any(|(other, _)| *other == topic)
        };
        self.select(|record| record.seq > after && on(record), limit)
    }

    fn read_topic_back(
        &self,
        _: Topic,
        _: u64,
        _: usize,
    ) -> BoxFuture<'_, Result<Vec<Record>, ReadError>> {
        holds_no_more()
    }

    fn head(&self) -> BoxFuture<'_, Result<Head, ReadError>> {
        let head = |()| Head {
            epoch: self.epoch.clone(),
            seq: lock(&self.records).len() as u64,
            id: None,
        };
        ready(self.answers().map(head)).boxed()
    }

    fn oldest(&self) -> BoxFuture<'_, Result<u64, ReadError>> {
        let oldest = |()| self.oldest.load(Ordering::Relaxed);
        ready(self.answers().map(oldest)).boxed()
    }

    fn set_epoch(&self, _: Epoch, _: Epoch) -> BoxFuture<'_, Result<(), AppendError>> {
        takes_nothing()
    }

    fn snapshot(&self) -> BoxFuture<'_, Result<Option<StoredSnapshot>, ReadError>> {
        holds_no_more()
    }

    fn save_snapshot(
        &self,
        _: EventId,
        _: StoredSnapshot,
    ) -> BoxFuture<'_, Result<(), AppendError>> {
        takes_nothing()
    }
}
