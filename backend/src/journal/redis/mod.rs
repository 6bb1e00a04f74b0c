//! The journal of several nodes: a stream in Redis for each line.
//!
//! An append is one script, which checks where the line ends, writes, and publishes; Redis carries out one script at a
//! time. Nodes hear what is published, and read the stream: publishing is for speed, the stream is the truth.

mod address;
mod append;
mod cluster;
mod connection;
mod entry;
mod error;
mod importing;
mod keys;
mod listener;
mod probe;
mod server;
mod settings;
mod snapshots;
mod state;
#[cfg(test)]
mod tests;
mod trim;

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use redis::{Script, cmd};
use serde_json::Value;
use shared_types::{
    directory::{Proof, ProofChange},
    topic::Topic,
    value::EventId,
    wire::Epoch,
};
use tokio::{
    sync::{broadcast, watch},
    task::JoinHandle,
};

pub use address::RedisAddress;
pub use keys::LineName;
pub use server::{ConnectError, RedisServer};

use super::{AppendError, Head, Heard, Journal, ReadError, Record, StoredSnapshot, fresh_epoch};
use append::Appender;
use entry::Entry;
pub(crate) use error::Failure;
use keys::Keys;
use listener::Ear;
use trim::Keep;

/// What is in Redis is laid out as this version does it.
const FORMAT: &str = "1";

/// How long a start waits to hear what it publishes.
const HEARD_WITHIN: Duration = Duration::from_secs(5);

static OPEN: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("open.lua")));
static FOUND: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("found.lua")));
static SET_EPOCH: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("set_epoch.lua")));
static READ_TOPIC: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("read_topic.lua")));

/// One line in Redis, which any number of processes use.
pub struct RedisJournal {
    server: Arc<RedisServer>,
    keys: Keys,
    appender: Appender,
    ear: Arc<Ear>,
    keep: Keep,
    listener: JoinHandle<()>,
}

impl RedisJournal {
    /// Opens a line, or begins it, and listens to it from here on.
    pub async fn open(server: &Arc<RedisServer>, line: LineName) -> Result<Self, ConnectError> {
        let unusable = |reason| server.unusable(reason);
        let keys = Keys::new(line);
        let epoch = fresh_epoch();
        let opened = server
            .run(&OPEN, &[&keys.state], &[FORMAT, epoch.as_str()])
            .await;
        let (format, _): (String, String) =
            opened.map_err(|failure| unusable(failure.to_string()))?;
        if format != FORMAT {
            let reason = format!(
                "{} is of format version {format}, and this program reads {FORMAT}",
                keys.state
            );
            return Err(unusable(reason));
        }
        let ear = Arc::<Ear>::default();
        let listen = listener::listen(Arc::clone(server), keys.clone(), Arc::clone(&ear));
        let listener = server
            .spawn(listen)
            .map_err(|failure| unusable(failure.to_string()))?;
        let journal = Self {
            server: Arc::clone(server),
            keys,
            appender: Appender::default(),
            ear,
            keep: Keep::default(),
            listener,
        };
        let mut heard = journal.ear.heard.subscribe();
        // Whoever starts all the same says of itself that it takes no writes.
        let _ = tokio::time::timeout(HEARD_WITHIN, heard.wait_for(|heard| heard.hears)).await;
        Ok(journal)
    }

    async fn state<T: redis::FromRedisValue>(&self, fields: &[&str]) -> Result<T, Failure> {
        state::fields(&self.server, &self.keys, fields).await
    }

    async fn current_head(&self) -> Result<Head, Failure> {
        let head = state::head(&self.server, &self.keys).await?;
        self.ear.ends_at(&head);
        Ok(head)
    }

    async fn range(
        &self,
        command: &str,
        from: &str,
        to: &str,
        limit: usize,
    ) -> Result<Vec<Record>, Failure> {
        let ask = async |connection: &mut _| {
            let mut range = cmd(command);
            range
                .arg(&self.keys.journal)
                .arg(from)
                .arg(to)
                .arg("COUNT")
                .arg(limit);
            range.query_async::<Vec<Entry>>(connection).await
        };
        entry::records(self.server.ask(ask).await?)
    }

    async fn range_on(
        &self,
        topic: Topic,
        command: &str,
        from: &str,
        to: &str,
        limit: usize,
    ) -> Result<Vec<Record>, Failure> {
        let index = self.keys.index(&topic);
        let entries: Vec<Entry> = self
            .server
            .run(
                &READ_TOPIC,
                &[&index, &self.keys.journal],
                &[command, from, to, &limit.to_string()],
            )
            .await?;
        entry::records(entries)
    }

    async fn all_proofs(&self) -> Result<Vec<ProofChange>, Failure> {
        let ask = async |connection: &mut _| {
            cmd("HGETALL")
                .arg(&self.keys.proofs)
                .query_async::<Vec<(String, String)>>(connection)
                .await
        };
        let change = |(holder, proof): (String, String)| {
            let malformed =
                |_| Failure::Nonsense(format!("{} has an unknown field", self.keys.proofs));
            Ok(ProofChange {
                holder: holder.parse().map_err(malformed)?,
                proof: Some(Proof::from(proof)),
            })
        };
        self.server
            .ask(ask)
            .await?
            .into_iter()
            .map(change)
            .collect()
    }
}

impl Drop for RedisJournal {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Journal for RedisJournal {
    fn founded(&self) -> BoxFuture<'_, Result<Option<Value>, ReadError>> {
        async move {
            let (origin,): (Option<String>,) = self.state(&["origin"]).await?;
            let parsed = origin.map(|json| serde_json::from_str(&json)).transpose();
            parsed.map_err(|error| ReadError(error.to_string()))
        }
        .boxed()
    }

    fn found(&self, origin: Value) -> BoxFuture<'_, Result<Value, AppendError>> {
        async move {
            let origin = origin.to_string();
            let set: String = self
                .server
                .run(&FOUND, &[&self.keys.state], &["origin", &origin])
                .await?;
            serde_json::from_str(&set).map_err(|error| AppendError::Unavailable(error.to_string()))
        }
        .boxed()
    }

    fn append(
        &self,
        expected: Head,
        records: Arc<[Record]>,
    ) -> BoxFuture<'_, Result<Head, AppendError>> {
        async move {
            self.appender
                .append(&self.server, &self.keys, expected, &records)
                .await
        }
        .boxed()
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), AppendError>> {
        async move { Ok(probe::probe(&self.server, &self.keys, &self.ear).await?) }.boxed()
    }

    fn read(&self, after: u64, limit: usize) -> BoxFuture<'_, Result<Vec<Record>, ReadError>> {
        async move {
            Ok(self
                .range("XRANGE", &format!("({after}-0"), "+", limit)
                .await?)
        }
        .boxed()
    }

    fn read_topic(
        &self,
        topic: Topic,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Record>, ReadError>> {
        async move {
            match topic {
                Topic::All => self.read(after, limit).await,
                _ => Ok(self
                    .range_on(topic, "ZRANGEBYSCORE", &format!("({after}"), "+inf", limit)
                    .await?),
            }
        }
        .boxed()
    }

    fn read_topic_back(
        &self,
        topic: Topic,
        before: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Record>, ReadError>> {
        async move {
            Ok(match topic {
                Topic::All => {
                    self.range("XREVRANGE", &format!("({before}-0"), "-", limit)
                        .await?
                }
                _ => {
                    self.range_on(
                        topic,
                        "ZREVRANGEBYSCORE",
                        &format!("({before}"),
                        "-inf",
                        limit,
                    )
                    .await?
                }
            })
        }
        .boxed()
    }

    fn proofs(&self) -> BoxFuture<'_, Result<Vec<ProofChange>, ReadError>> {
        async move { Ok(self.all_proofs().await?) }.boxed()
    }

    fn head(&self) -> BoxFuture<'_, Result<Head, ReadError>> {
        async move { Ok(self.current_head().await?) }.boxed()
    }

    fn set_epoch(&self, instead_of: Epoch, epoch: Epoch) -> BoxFuture<'_, Result<(), AppendError>> {
        async move {
            let arguments = [instead_of.as_str(), epoch.as_str()];
            self.server
                .run::<()>(&SET_EPOCH, &[&self.keys.state], &arguments)
                .await?;
            Ok(())
        }
        .boxed()
    }

    fn snapshot(&self) -> BoxFuture<'_, Result<Option<StoredSnapshot>, ReadError>> {
        async move { Ok(snapshots::newest(&self.server, &self.keys).await?) }.boxed()
    }

    fn save_snapshot(
        &self,
        at: EventId,
        snapshot: StoredSnapshot,
    ) -> BoxFuture<'_, Result<(), AppendError>> {
        async move {
            let seq = snapshot.seq;
            if snapshots::save(&self.server, &self.keys, at, snapshot).await?
                && let Err(failure) = trim::trim(&self.server, &self.keys, self.keep, seq).await
            {
                // It is tried again with the next one.
                tracing::warn!(%failure, line = self.keys.state, "old events can't be dropped");
            }
            Ok(())
        }
        .boxed()
    }

    fn watch(&self) -> Option<watch::Receiver<Heard>> {
        Some(self.ear.heard.subscribe())
    }

    fn oldest(&self) -> BoxFuture<'_, Result<u64, ReadError>> {
        async move {
            let (oldest,): (Option<u64>,) = self.state(&["oldest"]).await?;
            if let Some(oldest) = oldest {
                return Ok(oldest);
            }
            // A line that was imported may begin later than others.
            let first = self.read(0, 1).await?;
            Ok(first.first().map_or(0, |record| record.seq - 1))
        }
        .boxed()
    }

    fn copied<'a>(&'a self, agent: &'a str, seq: u64) -> BoxFuture<'a, Result<(), ReadError>> {
        async move { Ok(trim::copied(&self.server, &self.keys, agent, seq).await?) }.boxed()
    }

    fn tell(&self, message: String) -> BoxFuture<'_, Result<(), ReadError>> {
        async move {
            let ask = async |connection: &mut _| {
                let mut publish = cmd(self.server.publish_command());
                publish.arg(&self.keys.nodes).arg(message);
                publish.query_async::<()>(connection).await
            };
            Ok(self.server.ask(ask).await?)
        }
        .boxed()
    }

    fn told(&self) -> Option<broadcast::Receiver<Arc<str>>> {
        Some(self.ear.told.subscribe())
    }
}
