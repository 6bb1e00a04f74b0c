//! Saved models: each a hash of parts, so that a large one holds up nobody for long.

use std::sync::LazyLock;

use bytes::{Bytes, BytesMut};
use redis::{Script, cmd};
use shared_types::value::EventId;

use super::{RedisServer, error::Failure, keys::Keys};
use crate::journal::StoredSnapshot;

static KEEP: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("keep_snapshot.lua")));

/// Bytes of a part.
const PART: usize = 1 << 20;
/// Seconds after which an upload that was never finished goes.
const UNFINISHED_FOR: u32 = 3_600;
/// Seconds that those who are reading an older one have to finish.
const OLDER_FOR: &str = "600";
/// A snapshot that goes while it is read was followed by another one; that twice would be a wonder.
const TRIES: usize = 3;

/// The newest one.
pub(super) async fn newest(
    server: &RedisServer,
    keys: &Keys,
) -> Result<Option<StoredSnapshot>, Failure> {
    for _ in 0..TRIES {
        let (seq, key): (Option<u64>, Option<String>) = server
            .ask(async |connection| {
                let mut get = cmd("HMGET");
                get.arg(&keys.state).arg("snapshot_seq").arg("snapshot_key");
                get.query_async(connection).await
            })
            .await?;
        let (Some(seq), Some(key)) = (seq, key) else {
            return Ok(None);
        };
        if let Some(bytes) = download(server, &key).await? {
            return Ok(Some(StoredSnapshot { seq, bytes }));
        }
    }
    Err(Failure::Nonsense(
        "the saved model is not where it should be".into(),
    ))
}

/// Uploads one and makes it the newest, if it is; answers whether. `at` is the event at its position.
pub(super) async fn save(
    server: &RedisServer,
    keys: &Keys,
    at: EventId,
    snapshot: StoredSnapshot,
) -> Result<bool, Failure> {
    let key = keys.snapshot(snapshot.seq, &uuid::Uuid::new_v4().simple().to_string());
    for (number, part) in snapshot.bytes.chunks(PART).enumerate() {
        let upload = async |connection: &mut _| {
            let mut both = redis::pipe();
            both.cmd("HSET").arg(&key).arg(number).arg(part).ignore();
            both.cmd("EXPIRE").arg(&key).arg(UNFINISHED_FOR).ignore();
            both.query_async::<()>(connection).await
        };
        server.ask(upload).await?;
    }
    let kept: u8 = server
        .run(
            &KEEP,
            &[&keys.state, &keys.journal, &key],
            &[&snapshot.seq.to_string(), &at.to_string(), &key, OLDER_FOR],
        )
        .await?;
    Ok(kept == 1)
}

async fn download(server: &RedisServer, key: &str) -> Result<Option<Bytes>, Failure> {
    let parts: usize = server
        .ask(async |connection| cmd("HLEN").arg(key).query_async(connection).await)
        .await?;
    let mut bytes = BytesMut::new();
    for number in 0..parts {
        let part: Option<Bytes> = server
            .ask(async |connection| {
                cmd("HGET")
                    .arg(key)
                    .arg(number)
                    .query_async(connection)
                    .await
            })
            .await?;
        let Some(part) = part else {
            return Ok(None);
        };
        bytes.extend_from_slice(&part);
    }
    Ok((parts > 0).then(|| bytes.freeze()))
}
