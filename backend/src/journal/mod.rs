//! The journal: what has happened, durably, in one line. The only thing that has to survive.
//!
//! A trait with two implementations: SQLite for one machine, Redis for several nodes. Everything else in the server is
//! rebuilt from it.

#[cfg(test)]
mod conformance;
mod epoch;
mod redis;
mod sqlite;

use std::{net::IpAddr, sync::Arc};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared_types::{
    directory::ProofChange,
    topic::Topic,
    value::EventId,
    wire::{Cursor, Epoch},
};
use tokio::sync::{broadcast, watch};

pub(crate) use self::redis::Failure as RedisFailure;
pub use self::redis::{ConnectError, LineName, RedisAddress, RedisJournal, RedisServer};
pub use epoch::fresh_epoch;
pub use sqlite::{OpenError, SqliteJournal};

/// One event as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub seq: u64,
    pub id: EventId,
    /// The event message exactly as it goes on the wire: `{"type":"event","prev":{…},"event":{…}}`.
    pub frame: Bytes,
    /// The topics it is on save `all`, each with the seq of the event before it there.
    pub prev: Vec<(Topic, u64)>,
    /// The topics among them that no resume may cross here.
    pub barriers: Vec<Topic>,
    /// What never leaves the server.
    pub private: Option<Private>,
    /// Proofs that change with it. They are written with it, beside the line and over what they were before, and
    /// don't come back with it: see [`Journal::proofs`].
    pub proofs: Vec<ProofChange>,
}

/// What is kept with an event for the server alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Private {
    /// The client's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<IpAddr>,
    /// With the last event of a request, its idempotency key and what was answered to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency: Option<IdempotencyRecord>,
}

/// Enough to answer the same request again as it was answered first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdempotencyRecord {
    /// Who sent it: keys of different principals do not meet.
    pub principal: String,
    pub key: String,
    /// Of method, path, query and body.
    pub request_hash: String,
    /// When it was kept, in milliseconds since 1970.
    pub at_millis: i64,
    /// What was answered, as the engine's `Answer` in JSON.
    pub answer: Value,
}

/// Where the line ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub epoch: Epoch,
    pub seq: u64,
    /// The id of the last event; none before the first.
    pub id: Option<EventId>,
}

impl Head {
    /// The cursor at the head.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            epoch: self.epoch.clone(),
            seq: self.seq,
        }
    }
}

/// Why an append did not happen, or may not have.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else was first; here is what the caller is missing.
    #[error("the head has moved")]
    Conflict(Vec<Record>),
    /// Nothing was written.
    #[error("nothing was written: {0}")]
    Unavailable(String),
    /// It may have been written: send the same again.
    #[error("the outcome is not known: {0}")]
    OutcomeUnknown(String),
}

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the journal can't be read: {0}")]
pub struct ReadError(pub String);

/// A saved model, and the position it was saved at.
#[derive(Debug, Clone)]
pub struct StoredSnapshot {
    pub seq: u64,
    /// What the engine wrote; the journal does not look into it.
    pub bytes: Bytes,
}

/// One line of events, of an organization or of the directory. The conformance suite in `journal/conformance.rs` says what each call promises.
pub trait Journal: Send + Sync + 'static {
    /// What the model was before its first event; none in a journal that was never used.
    fn founded(&self) -> BoxFuture<'_, Result<Option<Value>, ReadError>>;
    /// Sets what the model starts from, if that is not set already; answers what is set.
    fn found(&self, origin: Value) -> BoxFuture<'_, Result<Value, AppendError>>;
    /// Appends all records or none, if the head is the expected one. When it answers, they are durable.
    ///
    /// After `OutcomeUnknown` the same call can be made again: it either succeeds or brings a conflict whose records
    /// are its own.
    fn append(
        &self,
        expected: Head,
        records: Arc<[Record]>,
    ) -> BoxFuture<'_, Result<Head, AppendError>>;
    /// Whether an append could succeed: tries to write something that leaves no trace.
    fn probe(&self) -> BoxFuture<'_, Result<(), AppendError>>;
    /// Up to `limit` records after `after`, in order.
    fn read(&self, after: u64, limit: usize) -> BoxFuture<'_, Result<Vec<Record>, ReadError>>;
    /// Up to `limit` records on one topic after `after`, in order. `all` has every record.
    fn read_topic(
        &self,
        topic: Topic,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Record>, ReadError>>;
    /// Up to `limit` records on one topic before `before`, newest first.
    fn read_topic_back(
        &self,
        topic: Topic,
        before: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Record>, ReadError>>;
    /// The proofs there are now.
    fn proofs(&self) -> BoxFuture<'_, Result<Vec<ProofChange>, ReadError>>;
    /// Where the line ends.
    fn head(&self) -> BoxFuture<'_, Result<Head, ReadError>>;
    /// Starts another life of the line: cursors of before can't be resumed. Nothing happens where the epoch is another
    /// one than expected: then somebody else has done so already.
    fn set_epoch(&self, instead_of: Epoch, epoch: Epoch) -> BoxFuture<'_, Result<(), AppendError>>;
    /// The newest saved model.
    fn snapshot(&self) -> BoxFuture<'_, Result<Option<StoredSnapshot>, ReadError>>;
    /// Saves the model at a position, where this event is; older ones may be dropped. One that is not of this line, or
    /// older than the newest, may be left out.
    fn save_snapshot(
        &self,
        at: EventId,
        snapshot: StoredSnapshot,
    ) -> BoxFuture<'_, Result<(), AppendError>>;
    /// Drops a saved model that is of no use, so that the one before it is the newest. Answers whether it did: where there
    /// is one at most, the next one takes its place.
    fn drop_snapshot(&self, _seq: u64) -> BoxFuture<'_, Result<bool, AppendError>> {
        async { Ok(false) }.boxed()
    }
    /// What is heard of others who write to the line; none where nobody else can.
    fn watch(&self) -> Option<watch::Receiver<Heard>> {
        None
    }
    /// The position after which every record is kept.
    fn oldest(&self) -> BoxFuture<'_, Result<u64, ReadError>> {
        async { Ok(0) }.boxed()
    }
    /// From the next saved model on, only so many of the newest events need be kept. A journal that has a rule of its own
    /// for that, or keeps everything, goes on as before.
    fn keep_newest(&self, _events: u64) {}
    /// Notes how far a database agent of this name has copied the line: what it has yet to copy is not dropped by the
    /// journal's own rule, unless it was not heard of for days.
    fn copied<'a>(&'a self, _agent: &'a str, _seq: u64) -> BoxFuture<'a, Result<(), ReadError>> {
        async { Ok(()) }.boxed()
    }
    /// Tells the other nodes something that nobody keeps: who is not there misses it.
    fn tell(&self, _: String) -> BoxFuture<'_, Result<(), ReadError>> {
        async { Ok(()) }.boxed()
    }
    /// What nodes tell each other, what this one tells included; none where there are no others.
    fn told(&self) -> Option<broadcast::Receiver<Arc<str>>> {
        None
    }
}

/// What is heard of a line that others write to as well. It is no more than a hint: what is there has to be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Heard {
    /// The line has reached this position, at least.
    pub seq: u64,
    /// Another number whenever it is time to compare one's own position with the line's: every few seconds, and when
    /// something may have been missed.
    pub round: u64,
    /// Whether what others write is heard at once. Else it is learnt of when the rounds say so, or later.
    pub hears: bool,
}
