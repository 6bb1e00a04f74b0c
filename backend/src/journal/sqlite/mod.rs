//! The journal of one machine: an SQLite database in the data directory.
//!
//! WAL with `synchronous=FULL`: a commit is on the disk when it returns. Each append is one transaction, made on the
//! engine's own thread; the engine puts all that waits into one append, which is the group commit. Readers have
//! connections of their own, which the writer never waits for. Saved models are files beside the database, so that writing a
//! large one does not hold up appends.

mod codec;
mod lock;
mod open;
mod proofs;
mod reader;
mod schema;
mod snapshots;
#[cfg(test)]
mod tests;
mod writer;

use std::sync::{Arc, PoisonError, RwLock};

use futures_util::{FutureExt, future::BoxFuture};
use serde_json::Value;
use shared_types::{directory::ProofChange, topic::Topic, value::EventId, wire::Epoch};

pub use open::OpenError;

use super::{AppendError, Head, Journal, ReadError, Record, StoredSnapshot};
use lock::DirectoryLock;
use reader::Readers;
use snapshots::Snapshots;
use writer::Writer;

/// A journal in a directory that this process alone uses.
pub struct SqliteJournal {
    // In the order in which they must go: the lock last, when nothing of ours touches the directory any more.
    writer: Writer,
    readers: Readers,
    snapshots: Snapshots,
    /// Where the line ends, as of the last commit.
    head: Arc<RwLock<Head>>,
    /// None: another process has it, and this one only reads.
    _lock: Option<DirectoryLock>,
}

impl Journal for SqliteJournal {
    fn founded(&self) -> BoxFuture<'_, Result<Option<Value>, ReadError>> {
        self.readers.read(schema::founded).boxed()
    }

    fn found(&self, origin: Value) -> BoxFuture<'_, Result<Value, AppendError>> {
        async move { self.writer.found(origin) }.boxed()
    }

    fn append(
        &self,
        expected: Head,
        records: Arc<[Record]>,
    ) -> BoxFuture<'_, Result<Head, AppendError>> {
        async move { self.writer.append(&expected, &records) }.boxed()
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), AppendError>> {
        async move { self.writer.probe() }.boxed()
    }

    fn read(&self, after: u64, limit: usize) -> BoxFuture<'_, Result<Vec<Record>, ReadError>> {
        self.readers
            .read(move |connection| codec::records_after(connection, after, limit))
            .boxed()
    }

    fn read_topic(
        &self,
        topic: Topic,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Record>, ReadError>> {
        self.readers
            .read(move |connection| match topic {
                Topic::All => codec::records_after(connection, after, limit),
                _ => codec::records_on(connection, topic, after, limit),
            })
            .boxed()
    }

    fn read_topic_back(
        &self,
        topic: Topic,
        before: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Record>, ReadError>> {
        self.readers
            .read(move |connection| match topic {
                Topic::All => codec::records_before(connection, before, limit),
                _ => codec::records_on_before(connection, topic, before, limit),
            })
            .boxed()
    }

    fn proofs(&self) -> BoxFuture<'_, Result<Vec<ProofChange>, ReadError>> {
        self.readers.read(proofs::all).boxed()
    }

    fn head(&self) -> BoxFuture<'_, Result<Head, ReadError>> {
        let head = self
            .head
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        async move { Ok(head) }.boxed()
    }

    fn set_epoch(&self, instead_of: Epoch, epoch: Epoch) -> BoxFuture<'_, Result<(), AppendError>> {
        async move { self.writer.set_epoch(&instead_of, epoch) }.boxed()
    }

    fn snapshot(&self) -> BoxFuture<'_, Result<Option<StoredSnapshot>, ReadError>> {
        self.snapshots.newest().boxed()
    }

    fn save_snapshot(
        &self,
        _: EventId,
        snapshot: StoredSnapshot,
    ) -> BoxFuture<'_, Result<(), AppendError>> {
        self.snapshots.save(snapshot).boxed()
    }
}
