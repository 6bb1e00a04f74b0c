//! The one connection that writes.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rusqlite::{Connection, ErrorCode, ffi};
use serde_json::Value;
use shared_types::wire::Epoch;

use super::{codec, schema};
use crate::journal::{AppendError, Head, Record};

/// More than a conflict can bring on one machine, where nobody else writes.
const CONFLICT_LIMIT: usize = 10_000;
/// What a probe writes: as much as a large event, so that a disk with only a few bytes left does not pass for writable.
const PROBE_BYTES: usize = 128 * 1024;
/// Records dropped in one transaction: appends come in between.
const DROPPED_AT_ONCE: usize = 500;

/// What is written goes through here, one after the other, and blocks the thread that asks for it: that is the engine's
/// own, which has nothing else to do until its batch is durable. Handing each batch to another thread and back would
/// add two wake-ups to every write.
pub(super) struct Writer {
    store: Mutex<Store>,
}

struct Store {
    connection: Connection,
    /// As of the last commit, for everyone to read.
    head: Arc<RwLock<Head>>,
}

impl Writer {
    pub fn new(connection: Connection, head: Arc<RwLock<Head>>) -> Self {
        Self {
            store: Mutex::new(Store { connection, head }),
        }
    }

    /// [`crate::journal::Journal::append`].
    pub fn append(&self, expected: &Head, records: &[Record]) -> Result<Head, AppendError> {
        self.with(|store| store.append(expected, records))
    }

    /// [`crate::journal::Journal::found`].
    pub fn found(&self, origin: Value) -> Result<Value, AppendError> {
        self.with(|store| {
            store.transaction(|connection| match schema::founded(connection)? {
                Some(before) => Ok(before),
                None => schema::found(connection, &origin).map(|()| origin),
            })
        })
    }

    /// [`crate::journal::Journal::set_epoch`].
    pub fn set_epoch(&self, instead_of: &Epoch, epoch: Epoch) -> Result<(), AppendError> {
        self.with(|store| {
            let current = store.transaction(schema::head)?.epoch;
            if current != *instead_of {
                return Ok(());
            }
            store.transaction(|connection| schema::set_epoch(connection, &epoch))?;
            store
                .head
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .epoch = epoch;
            Ok(())
        })
    }

    /// [`crate::journal::Journal::probe`].
    pub fn probe(&self) -> Result<(), AppendError> {
        self.with(|store| {
            store.transaction(|connection| schema::fill_probe(connection, PROBE_BYTES))?;
            store.transaction(schema::clear_probe)
        })
    }

    /// Drops the records up to a position; answers how many there were. It blocks for as long as that takes.
    pub fn drop_upto(&self, upto: u64) -> Result<usize, AppendError> {
        let mut dropped = 0;
        loop {
            let at_once = self.with(|store| store.drop_some(upto))?;
            dropped += at_once;
            if at_once < DROPPED_AT_ONCE {
                return Ok(dropped);
            }
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Store) -> T) -> T {
        // A panic in the middle leaves a transaction open; the next one fails to begin and rolls it back.
        work(&mut self.store.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Store {
    fn append(&mut self, expected: &Head, records: &[Record]) -> Result<Head, AppendError> {
        // Read anew each time: after an unknown outcome nobody remembers where it ends.
        let head = schema::head(&self.connection).map_err(not_written)?;
        if head != *expected {
            let missing = codec::records_after(&self.connection, expected.seq, CONFLICT_LIMIT)
                .map_err(not_written)?;
            self.tell(head);
            return Err(AppendError::Conflict(missing));
        }
        self.transaction(|connection| {
            records
                .iter()
                .try_for_each(|record| codec::insert(connection, record))
        })?;
        if records.iter().any(|record| !record.proofs.is_empty()) {
            self.leave_nothing_behind();
        }
        let head = match records.last() {
            Some(last) => Head {
                seq: last.seq,
                id: Some(last.id),
                ..head
            },
            None => head,
        };
        self.tell(head.clone());
        Ok(head)
    }

    fn drop_some(&mut self, upto: u64) -> Result<usize, AppendError> {
        self.transaction(|connection| {
            let oldest = codec::records_after(connection, 0, DROPPED_AT_ONCE)?;
            let mut old = oldest.iter().take_while(|record| record.seq <= upto);
            old.try_fold(0, |n, record| {
                codec::remove(connection, record).map(|()| n + 1)
            })
        })
    }

    /// Old pages are overwritten, but the log still has what was in them: it is moved to the database and cut off.
    fn leave_nothing_behind(&self) {
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        if let Err(error) = self.connection.query_row(checkpoint, [], |_| Ok(())) {
            // It is tried again with the next one, and happens by itself in time.
            tracing::debug!(%error, "the write-ahead log could not be cut off");
        }
    }

    fn tell(&self, head: Head) {
        *self.head.write().unwrap_or_else(PoisonError::into_inner) = head;
    }

    /// All of `work` or nothing.
    fn transaction<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, AppendError> {
        let connection = &self.connection;
        let run = || {
            connection
                .execute_batch("BEGIN IMMEDIATE")
                .map_err(not_written)?;
            let done = work(connection).map_err(not_written)?;
            connection.execute_batch("COMMIT").map_err(maybe_written)?;
            Ok(done)
        };
        let result = run();
        // SQLite ends a transaction by itself after some errors and not after others.
        if result.is_err() && !connection.is_autocommit() {
            connection
                .execute_batch("ROLLBACK")
                .map_err(maybe_written)?;
        }
        result
    }
}

fn not_written(error: rusqlite::Error) -> AppendError {
    AppendError::Unavailable(error.to_string())
}

/// What a failed commit has left behind. The last thing a commit writes is what makes it one, so where writing has
/// failed, nothing has been committed; where syncing has failed, it may or may not be there after a crash.
fn maybe_written(error: rusqlite::Error) -> AppendError {
    let code = error.sqlite_error();
    let is_full = code.is_some_and(|e| {
        e.code == ErrorCode::DiskFull || e.extended_code == ffi::SQLITE_IOERR_WRITE
    });
    let is_busy = code.is_some_and(|e| e.code == ErrorCode::DatabaseBusy);
    if is_full || is_busy {
        not_written(error)
    } else {
        AppendError::OutcomeUnknown(error.to_string())
    }
}
