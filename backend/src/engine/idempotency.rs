//! Which requests were carried out before. The answers themselves are kept in the journal, with the last event of what
//! they answer; in memory is only where to find them, so that a day of keys costs little.

use imbl::HashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Answer, Failure, IdempotencyKey, aggregate::Aggregate};
use crate::journal::{IdempotencyRecord, Journal, Record};

/// How long a key is kept.
const KEPT_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// How often those that are too old are looked for: all are looked at.
const TIDIED_MILLIS: i64 = 60 * 60 * 1000;

/// The keys of the last 24 hours, or at most of one hour more. A copy is a pointer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Kept {
    keys: HashMap<Uuid, Known>,
    #[serde(skip)]
    tidied_at: i64,
}

/// A request that was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    /// A hash of its hash.
    pub request: Uuid,
    /// Where its answer is kept.
    pub seq: u64,
    at_millis: i64,
}

impl Kept {
    /// What is known of a key at this time.
    pub fn find(&self, name: Uuid, now_millis: i64) -> Option<Known> {
        self.keys
            .get(&name)
            .copied()
            .filter(|known| now_millis - known.at_millis < KEPT_MILLIS)
    }

    /// Takes in what a record keeps.
    pub fn learn(&mut self, record: &Record) {
        if let Some(kept) = record
            .private
            .as_ref()
            .and_then(|private| private.idempotency.as_ref())
        {
            let known = Known {
                request: short(&[&kept.request_hash]),
                seq: record.seq,
                at_millis: kept.at_millis,
            };
            self.keys
                .insert(short(&[&kept.principal, &kept.key]), known);
        }
    }

    /// Drops what is too old, if that was not done a short while ago.
    pub fn tidy(&mut self, now_millis: i64) {
        if now_millis - self.tidied_at >= TIDIED_MILLIS {
            self.tidied_at = now_millis;
            self.keys
                .retain(|_, known| now_millis - known.at_millis < KEPT_MILLIS);
        }
    }
}

impl IdempotencyKey {
    /// One short name for principal and key.
    pub(super) fn name(&self) -> Uuid {
        short(&[&self.principal, &self.key])
    }

    /// A hash of the request's hash, of a fixed size.
    pub(super) fn request(&self) -> Uuid {
        short(&[&self.request_hash])
    }

    /// What the journal keeps.
    pub(super) fn record<A: Aggregate>(
        &self,
        answer: &Answer<A>,
        at_millis: i64,
    ) -> Result<IdempotencyRecord, serde_json::Error> {
        Ok(IdempotencyRecord {
            principal: self.principal.clone(),
            key: self.key.clone(),
            request_hash: self.request_hash.clone(),
            at_millis,
            answer: serde_json::to_value(answer)?,
        })
    }
}

/// 128 bits of SHA-256. The lengths go in too, so that no two lists of parts are the same to it.
fn short(parts: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Uuid::from_bytes(bytes)
}

/// The answer that is kept with the event at a position.
pub(super) async fn answer_kept_at<A: Aggregate>(
    journal: &dyn Journal,
    seq: u64,
) -> Result<Answer<A>, Failure> {
    let unreadable = |reason: String| {
        tracing::error!(seq, reason, "a kept answer can't be read");
        Failure::Unavailable("the answer to the first request can't be read".into())
    };
    let records = journal
        .read(seq.saturating_sub(1), 1)
        .await
        .map_err(|error| unreadable(error.to_string()))?;
    let private = records.into_iter().next().and_then(|record| record.private);
    let kept = private
        .and_then(|private| private.idempotency)
        .ok_or_else(|| unreadable("it is not there".into()))?;
    let answer: Answer<A> =
        serde_json::from_value(kept.answer).map_err(|error| unreadable(error.to_string()))?;
    Ok(Answer {
        replayed: true,
        ..answer
    })
}
