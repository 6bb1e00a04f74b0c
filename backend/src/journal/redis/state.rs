//! What a line says of itself.

use redis::cmd;

use super::{LineName, RedisServer, error::Failure, keys::Keys};
use crate::journal::{Head, ReadError};

/// Some of it.
pub(super) async fn fields<T: redis::FromRedisValue>(
    server: &RedisServer,
    keys: &Keys,
    names: &[&str],
) -> Result<T, Failure> {
    let ask = async |connection: &mut _| {
        cmd("HMGET")
            .arg(&keys.state)
            .arg(names)
            .query_async(connection)
            .await
    };
    server.ask(ask).await
}

/// Where it ends.
pub(super) async fn head(server: &RedisServer, keys: &Keys) -> Result<Head, Failure> {
    let (epoch, seq, id): (Option<String>, Option<u64>, Option<String>) =
        fields(server, keys, &["epoch", "seq", "id"]).await?;
    let malformed = || Failure::Nonsense(format!("{} is not as it was written", keys.state));
    Ok(Head {
        epoch: epoch
            .and_then(|epoch| epoch.parse().ok())
            .ok_or_else(malformed)?,
        seq: seq.unwrap_or(0),
        id: id
            .map(|id| id.parse())
            .transpose()
            .map_err(|_| malformed())?,
    })
}

impl RedisServer {
    /// Where a line ends that is not listened to.
    pub async fn head(&self, line: LineName) -> Result<Head, ReadError> {
        Ok(head(self, &Keys::new(line)).await?)
    }
}
