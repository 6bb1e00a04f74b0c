use std::{future::Future, time::Duration};

use redis::{
    Cmd, Pipeline, RedisFuture, RedisResult, Value,
    aio::{ConnectionLike, MultiplexedConnection},
    cluster_async::ClusterConnection,
};

use super::error::Failure;

/// What one command may take. Redis is meant to answer within a millisecond; a disk that is slow to sync may take far longer.
pub(super) const COMMAND_TIMEOUT: Duration = Duration::from_secs(3);

/// A connection for commands, out of a pool.
pub enum Connection {
    One(deadpool_redis::Connection),
    Cluster(deadpool_redis::cluster::Connection),
}

impl Connection {
    /// Takes it out of its pool for good: it is for somebody alone, or of no use any more. (An answer that is waited for
    /// no longer may still come over it, and must not hold up who has it next.)
    pub(super) fn take(self) -> OwnConnection {
        match self {
            Self::One(connection) => {
                OwnConnection::One(deadpool_redis::Connection::take(connection))
            }
            Self::Cluster(connection) => {
                OwnConnection::Cluster(deadpool_redis::cluster::Connection::take(connection))
            }
        }
    }
}

/// A connection of one's own.
pub(super) enum OwnConnection {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

/// Both kinds of either, as one.
macro_rules! either {
    ($name:ident) => {
        impl ConnectionLike for $name {
            fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
                match self {
                    Self::One(connection) => connection.req_packed_command(command),
                    Self::Cluster(connection) => connection.req_packed_command(command),
                }
            }

            fn req_packed_commands<'a>(
                &'a mut self,
                commands: &'a Pipeline,
                offset: usize,
                count: usize,
            ) -> RedisFuture<'a, Vec<Value>> {
                match self {
                    Self::One(connection) => {
                        connection.req_packed_commands(commands, offset, count)
                    }
                    Self::Cluster(connection) => {
                        connection.req_packed_commands(commands, offset, count)
                    }
                }
            }

            fn get_db(&self) -> i64 {
                match self {
                    Self::One(connection) => connection.get_db(),
                    Self::Cluster(connection) => connection.get_db(),
                }
            }
        }
    };
}
either!(Connection);
either!(OwnConnection);

/// What a command answers, in time.
pub(super) async fn answer<T>(asked: impl Future<Output = RedisResult<T>>) -> Result<T, Failure> {
    match tokio::time::timeout(COMMAND_TIMEOUT, asked).await {
        Ok(answered) => Ok(answered?),
        Err(_) => Err(Failure::NoAnswer(format!(
            "nothing within {COMMAND_TIMEOUT:?}"
        ))),
    }
}
