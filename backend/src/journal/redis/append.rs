use std::{collections::HashMap, sync::LazyLock};

use redis::{FromRedisValue, ParsingError, Script, Value};
use tokio::sync::Mutex;

use super::{
    RedisServer,
    connection::{OwnConnection, answer},
    entry::{self, Entry},
    error::Failure,
    keys::Keys,
};
use crate::journal::{AppendError, Head, Record};

static APPEND: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("append.lua")));

/// What a conflict brings at most. Whoever misses more gets it with the next.
const CONFLICT_LIMIT: usize = 1_000;

/// What is written to one line goes through here, one after the other, over a connection of its own: so it does not wait
/// for reads, and no connection has to be looked at before it is used.
#[derive(Default)]
pub(super) struct Appender {
    connection: Mutex<Option<OwnConnection>>,
}

/// What came of it.
enum Outcome {
    Written,
    Conflict(Vec<Entry>),
}

impl Appender {
    /// [`crate::journal::Journal::append`].
    pub async fn append(
        &self,
        server: &RedisServer,
        keys: &Keys,
        expected: Head,
        records: &[Record],
    ) -> Result<Head, AppendError> {
        let Some(last) = records.last() else {
            return Ok(expected);
        };
        let encoded = |error: serde_json::Error| AppendError::Unavailable(error.to_string());
        let invocation = invocation(server, keys, &expected, records).map_err(encoded)?;
        let mut slot = self.connection.lock().await;
        // Where something goes wrong it is dropped: what is yet to come over it belongs to nobody.
        let mut connection = match slot.take() {
            Some(connection) => connection,
            None => server.own_connection().await?,
        };
        let outcome = answer(invocation.invoke_async(&mut connection)).await;
        match outcome {
            Ok(outcome) => {
                *slot = Some(connection);
                match outcome {
                    Outcome::Written => Ok(Head {
                        seq: last.seq,
                        id: Some(last.id),
                        ..expected
                    }),
                    Outcome::Conflict(missing) => {
                        Err(AppendError::Conflict(entry::records(missing)?))
                    }
                }
            }
            // A client of a cluster may have sent it twice, and this is the second answer.
            Err(Failure::Refused(reason)) if server.address().is_cluster() => {
                Err(AppendError::OutcomeUnknown(reason))
            }
            Err(failure) => Err(failure.into()),
        }
    }
}

/// The script with all it needs, as it says at its top.
fn invocation(
    server: &RedisServer,
    keys: &Keys,
    expected: &Head,
    records: &[Record],
) -> Result<redis::ScriptInvocation<'static>, serde_json::Error> {
    let mut script = APPEND.prepare_invoke();
    script.key(&keys.state).key(&keys.journal).key(&keys.proofs);
    let mut indexes = HashMap::new();
    for (topic, _) in records.iter().flat_map(|record| &record.prev) {
        let next = indexes.len() + 4;
        indexes.entry(*topic).or_insert_with(|| {
            script.key(keys.index(topic));
            next
        });
    }
    script
        .arg(server.publish_command())
        .arg(&keys.topics)
        .arg(expected.epoch.as_str())
        .arg(expected.seq);
    script.arg(expected.id.map_or_else(String::new, |id| id.to_string()));
    script.arg(CONFLICT_LIMIT).arg(records.len());
    for record in records {
        script
            .arg(record.seq)
            .arg(record.id.to_string())
            .arg(&record.frame[..]);
        script
            .arg(entry::topics(record)?)
            .arg(entry::private(record)?)
            .arg(record.prev.len());
        for (topic, _) in &record.prev {
            script.arg(indexes[topic]).arg(topic.to_string());
        }
        script.arg(record.proofs.len());
        for change in &record.proofs {
            let proof = change.proof.as_ref().map_or("", |proof| proof.as_str());
            script.arg(change.holder.to_string()).arg(proof);
        }
    }
    Ok(script)
}

impl FromRedisValue for Outcome {
    fn from_redis_value(value: Value) -> Result<Self, ParsingError> {
        let mut parts = Vec::<Value>::from_redis_value(value)?.into_iter();
        let written = u8::from_redis_value(parts.next().unwrap_or(Value::Nil))?;
        if written == 1 {
            return Ok(Self::Written);
        }
        let missing = parts.map(Entry::from_redis_value);
        missing.collect::<Result<_, _>>().map(Self::Conflict)
    }
}
