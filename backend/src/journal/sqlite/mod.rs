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

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

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
    writer: Arc<Writer>,
    readers: Readers,
    snapshots: Snapshots,
    /// Where the line ends, as of the last commit.
    head: Arc<RwLock<Head>>,
    /// So many of the newest records are kept in any case; all, where it is not set.
    keep: OnceLock<u64>,
    /// None: another process has it, and this one only reads.
    lock: Option<DirectoryLock>,
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

    fn drop_snapshot(&self, seq: u64) -> BoxFuture<'_, Result<bool, AppendError>> {
        async move {
            if self.lock.is_none() {
                return Ok(false);
            }
            self.snapshots.drop(seq).await.map(|()| true)
        }
        .boxed()
    }

    fn save_snapshot(
        &self,
        _: EventId,
        snapshot: StoredSnapshot,
    ) -> BoxFuture<'_, Result<(), AppendError>> {
        async move {
            let seq = snapshot.seq;
            self.snapshots.save(snapshot).await?;
            if let Some(keep) = self.keep.get()
                && let Err(error) = self.drop_old(seq, *keep).await
            {
                // It is tried again with the next one.
                tracing::warn!(%error, "old events can't be dropped");
            }
            Ok(())
        }
        .boxed()
    }

    fn keep_newest(&self, events: u64) {
        self.keep.get_or_init(|| events);
    }

    fn oldest(&self) -> BoxFuture<'_, Result<u64, ReadError>> {
        // The first ones may have been dropped, here or where the line was imported from.
        async move {
            let first = self.read(0, 1).await?;
            Ok(first.first().map_or(0, |record| record.seq - 1))
        }
        .boxed()
    }
}

impl SqliteJournal {
    /// Drops what lies before a saved model, save for the newest. The file does not grow where it has room.
    async fn drop_old(&self, saved: u64, keep: u64) -> Result<(), AppendError> {
        // The record at the saved model's own position stays: by it the model is known to be of this line.
        let upto = saved.saturating_sub(keep.max(1));
        let writer = Arc::clone(&self.writer);
        let dropping = tokio::task::spawn_blocking(move || writer.drop_upto(upto));
        let dropped = dropping
            .await
            .map_err(|error| AppendError::Unavailable(error.to_string()))??;
        if dropped > 0 {
            tracing::info!(dropped, "old events were dropped");
        }
        Ok(())
    }
}
