use std::{future::Future, sync::Arc, time::Duration};

use deadpool_redis::{PoolConfig, Runtime as PoolRuntime, Timeouts};
use redis::{AsyncConnectionConfig, Client, RedisResult, Script};
use tokio::{runtime::Runtime, task::JoinHandle};

use super::{
    RedisAddress, cluster,
    connection::{COMMAND_TIMEOUT, Connection, OwnConnection, answer},
    error::Failure,
};

/// Connections for commands that are in use at a time. Each append has one of its line's own, beside these.
const CONNECTIONS: usize = 16;
/// What it may take to get one.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Redis, as one process of ours uses it: pools of connections, and a thread that serves them, whatever thread asks. (A
/// connection lives on the runtime it was made on, and those of the engines and of the HTTP workers come and go.)
pub struct RedisServer {
    address: RedisAddress,
    pool: Pool,
    runtime: Option<Runtime>,
}

enum Pool {
    One(deadpool_redis::Pool),
    Cluster(deadpool_redis::cluster::Pool),
}

/// Why Redis can't be used at all.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error(
        "Redis at {address} can't be used: {reason}. See to it, or name another with --journal"
    )]
    Unusable {
        address: RedisAddress,
        reason: String,
    },
    #[error("no thread can be started: {0}")]
    Thread(#[from] std::io::Error),
}

impl RedisServer {
    /// Ready to connect; nothing is asked yet.
    pub fn new(address: RedisAddress) -> Result<Arc<Self>, ConnectError> {
        let pool = Pool::new(&address).map_err(|reason| ConnectError::Unusable {
            address: address.clone(),
            reason,
        })?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("redis")
            .enable_all()
            .build()?;
        Ok(Arc::new(Self {
            address,
            pool,
            runtime: Some(runtime),
        }))
    }

    /// Where it is.
    pub fn address(&self) -> &RedisAddress {
        &self.address
    }

    pub(super) fn unusable(&self, reason: String) -> ConnectError {
        ConnectError::Unusable {
            address: self.address.clone(),
            reason,
        }
    }

    /// The command that publishes: on a cluster only to those who ask the same server.
    pub(super) fn publish_command(&self) -> &'static str {
        if self.address.is_cluster() {
            "SPUBLISH"
        } else {
            "PUBLISH"
        }
    }

    /// A task on the thread that serves the connections.
    pub(super) fn spawn<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> Result<JoinHandle<T>, Failure> {
        let stopped = || Failure::NoConnection("the server is stopping".into());
        Ok(self.runtime.as_ref().ok_or_else(stopped)?.spawn(task))
    }

    /// A connection for commands.
    pub(super) async fn connection(&self) -> Result<Connection, Failure> {
        let made = match &self.pool {
            Pool::One(pool) => {
                let pool = pool.clone();
                self.spawn(async move { pool.get().await.map(Connection::One).map_err(failed) })?
            }
            Pool::Cluster(pool) => {
                let pool = pool.clone();
                self.spawn(
                    async move { pool.get().await.map(Connection::Cluster).map_err(failed) },
                )?
            }
        };
        // Connections that are of no use any more are tried one after the other before a new one is made.
        match tokio::time::timeout(CONNECT_TIMEOUT, made).await {
            Ok(made) => made.unwrap_or_else(|error| Err(failed(error))),
            Err(_) => Err(failed(format!("no connection within {CONNECT_TIMEOUT:?}"))),
        }
    }

    /// What a script answers.
    pub(crate) async fn run<T: redis::FromRedisValue>(
        &self,
        script: &Script,
        keys: &[&str],
        arguments: &[&str],
    ) -> Result<T, Failure> {
        let mut invocation = script.prepare_invoke();
        for key in keys {
            invocation.key(*key);
        }
        for argument in arguments {
            invocation.arg(*argument);
        }
        self.ask(async |connection| invocation.invoke_async(connection).await)
            .await
    }

    /// What Redis answers; a connection over which no answer came is not used again.
    pub(crate) async fn ask<T: redis::FromRedisValue>(
        &self,
        ask: impl AsyncFnOnce(&mut Connection) -> RedisResult<T>,
    ) -> Result<T, Failure> {
        let mut connection = self.connection().await?;
        let answered = answer(ask(&mut connection)).await;
        if matches!(answered, Err(Failure::NoAnswer(_))) {
            drop(connection.take());
        }
        answered
    }

    /// A connection of one's own.
    pub(super) async fn own_connection(&self) -> Result<OwnConnection, Failure> {
        Ok(self.connection().await?.take())
    }

    /// A client of the very server that has a key.
    pub(super) async fn server_of(&self, key: &str) -> Result<Client, Failure> {
        match &self.address {
            RedisAddress::One(url) => Ok(Client::open(url.as_str())?),
            RedisAddress::Cluster(urls) => cluster::server_of(urls, key).await,
        }
    }

    /// A client of each server that takes writes.
    pub(super) async fn primaries(&self) -> Result<Vec<Client>, Failure> {
        match &self.address {
            RedisAddress::One(url) => Ok(vec![Client::open(url.as_str())?]),
            RedisAddress::Cluster(urls) => cluster::primaries(urls).await,
        }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // In the background: this may be a thread that must not block.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Pool {
    fn new(address: &RedisAddress) -> Result<Self, String> {
        let timeouts = Timeouts {
            wait: Some(CONNECT_TIMEOUT),
            create: Some(CONNECT_TIMEOUT),
            recycle: Some(CONNECT_TIMEOUT),
        };
        let mut config = PoolConfig::new(CONNECTIONS);
        config.timeouts = timeouts;
        let text = |error: &dyn std::fmt::Display| error.to_string();
        match address {
            RedisAddress::One(url) => {
                let connections = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(CONNECT_TIMEOUT))
                    .set_response_timeout(Some(COMMAND_TIMEOUT));
                let manager = deadpool_redis::Manager::new_with_config(url.as_str(), connections)
                    .map_err(|error| text(&error))?;
                let builder = deadpool_redis::Pool::builder(manager).config(config);
                let pool = builder
                    .runtime(PoolRuntime::Tokio1)
                    .build()
                    .map_err(|error| text(&error))?;
                Ok(Self::One(pool))
            }
            RedisAddress::Cluster(urls) => {
                let urls = urls.iter().map(String::as_str).collect();
                let manager = deadpool_redis::cluster::Manager::new(urls, false)
                    .map_err(|error| text(&error))?;
                let builder = deadpool_redis::cluster::Pool::builder(manager).config(config);
                let pool = builder
                    .runtime(PoolRuntime::Tokio1)
                    .build()
                    .map_err(|error| text(&error))?;
                Ok(Self::Cluster(pool))
            }
        }
    }
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::NoConnection(error.to_string())
}
