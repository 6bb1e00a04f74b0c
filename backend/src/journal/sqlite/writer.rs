//! The one thread that writes.

use std::{
    io,
    sync::{Arc, PoisonError, RwLock},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, ErrorCode, ffi};
use shared_types::{model::OrganizationProfile, wire::Epoch};
use tokio::sync::{mpsc, oneshot};

use super::{codec, schema};
use crate::journal::{AppendError, Head, Record};

/// Jobs that may wait; the engine has one append under way at a time.
const WAITING: usize = 16;
/// More than a conflict can bring on one machine, where nobody else writes.
const CONFLICT_LIMIT: usize = 10_000;
/// What a probe writes: as much as a large event, so that a disk with only a few bytes left does not pass for writable.
const PROBE_BYTES: usize = 128 * 1024;

type Job = Box<dyn FnOnce(&mut Store) + Send>;

/// A handle to the thread. Dropping it waits until what was handed in is written.
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread works on.
struct Store {
    connection: Connection,
    /// As of the last commit, for everyone to read.
    head: Arc<RwLock<Head>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(connection: Connection, head: Arc<RwLock<Head>>) -> io::Result<Self> {
        let (jobs, mut waiting) = mpsc::channel::<Job>(WAITING);
        let mut store = Store { connection, head };
        let thread = thread::Builder::new().name("journal".into()).spawn(move || {
            while let Some(job) = waiting.blocking_recv() {
                job(&mut store);
            }
        })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// [`crate::journal::Journal::append`].
    pub async fn append(&self, expected: Head, records: Arc<[Record]>) -> Result<Head, AppendError> {
        self.run(move |store| store.append(&expected, &records)).await
    }

    /// [`crate::journal::Journal::found`].
    pub async fn found(&self, organization: OrganizationProfile) -> Result<OrganizationProfile, AppendError> {
        self.run(move |store| {
            store.transaction(|connection| match schema::founded(connection)? {
                Some(before) => Ok(before),
                None => schema::found(connection, &organization).map(|()| organization),
            })
        })
        .await
    }

    /// [`crate::journal::Journal::set_epoch`].
    pub async fn set_epoch(&self, epoch: Epoch) -> Result<(), AppendError> {
        self.run(move |store| {
            store.transaction(|connection| schema::set_epoch(connection, &epoch))?;
            store.head.write().unwrap_or_else(PoisonError::into_inner).epoch = epoch;
            Ok(())
        })
        .await
    }

    /// [`crate::journal::Journal::probe`].
    pub async fn probe(&self) -> Result<(), AppendError> {
        self.run(|store| {
            store.transaction(|connection| schema::fill_probe(connection, PROBE_BYTES))?;
            store.transaction(schema::clear_probe)
        })
        .await
    }

    async fn run<T, F>(&self, job: F) -> Result<T, AppendError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Store) -> Result<T, AppendError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |store| {
            // Nobody may be waiting any more; what is written is written.
            let _ = reply.send(job(store));
        });
        let closed = || AppendError::Unavailable("the journal is closed".into());
        self.jobs.as_ref().ok_or_else(closed)?.send(job).await.map_err(|_| closed())?;
        answer.await.map_err(|_| AppendError::OutcomeUnknown("the journal's thread has ended".into()))?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the journal's thread ended in a panic");
        }
    }
}

impl Store {
    fn append(&mut self, expected: &Head, records: &[Record]) -> Result<Head, AppendError> {
        // Read anew each time: after an unknown outcome nobody remembers where it ends.
        let head = schema::head(&self.connection).map_err(not_written)?;
        if head != *expected {
            let missing = codec::records_after(&self.connection, expected.seq, CONFLICT_LIMIT).map_err(not_written)?;
            self.tell(head);
            return Err(AppendError::Conflict(missing));
        }
        self.transaction(|connection| records.iter().try_for_each(|record| codec::insert(connection, record)))?;
        let head = match records.last() {
            Some(last) => Head { seq: last.seq, id: Some(last.id), ..head },
            None => head,
        };
        self.tell(head.clone());
        Ok(head)
    }

    fn tell(&self, head: Head) {
        *self.head.write().unwrap_or_else(PoisonError::into_inner) = head;
    }

    /// All of `work` or nothing.
    fn transaction<T>(&mut self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, AppendError> {
        let connection = &self.connection;
        let run = || {
            connection.execute_batch("BEGIN IMMEDIATE").map_err(not_written)?;
            let done = work(connection).map_err(not_written)?;
            connection.execute_batch("COMMIT").map_err(maybe_written)?;
            Ok(done)
        };
        let result = run();
        // SQLite ends a transaction by itself after some errors and not after others.
        if result.is_err() && !connection.is_autocommit() {
            connection.execute_batch("ROLLBACK").map_err(maybe_written)?;
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
    let is_full = code.is_some_and(|e| e.code == ErrorCode::DiskFull || e.extended_code == ffi::SQLITE_IOERR_WRITE);
    let is_busy = code.is_some_and(|e| e.code == ErrorCode::DatabaseBusy);
    if is_full || is_busy { not_written(error) } else { AppendError::OutcomeUnknown(error.to_string()) }
}
