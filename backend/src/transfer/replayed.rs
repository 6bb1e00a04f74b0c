//! A model made by its events alone, and its fingerprint.

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{TransferError, format::SavedLine};
use crate::{
    engine::{Aggregate, read_saved},
    journal::{Journal, Record},
};

/// Records read at a time.
const PAGE: usize = 1_000;

/// Where a journal's records begin, and a model to begin with.
pub(super) struct Start<A> {
    /// The position after which there are records.
    pub after: u64,
    pub aggregate: A,
    /// The saved model that this is, where the first records are gone.
    pub saved: Option<SavedLine>,
}

/// Finds out where to begin.
pub(super) async fn start<A: Aggregate>(
    journal: &dyn Journal,
    origin: A::Origin,
) -> Result<Start<A>, TransferError> {
    let after = journal.oldest().await?;
    if after == 0 {
        return Ok(Start {
            after,
            aggregate: A::begin(origin),
            saved: None,
        });
    }
    let damaged = |why: &dyn std::fmt::Display| TransferError::Damaged(why.to_string());
    let snapshot = journal.snapshot().await?;
    let snapshot =
        snapshot.ok_or_else(|| damaged(&"its first events are gone, and no model was saved"))?;
    let read = read_saved::<A>(&snapshot.bytes);
    let (id, aggregate) = read.map_err(|error| damaged(&error))?;
    let model = String::from_utf8(snapshot.bytes.to_vec()).map_err(|error| damaged(&error))?;
    let model = RawValue::from_string(model).map_err(|error| damaged(&error))?;
    let seq = snapshot.seq;
    Ok(Start {
        after,
        aggregate,
        saved: Some(SavedLine { seq, id, model }),
    })
}

/// Goes through a journal up to a position and makes the model of it. Answers it at the end.
pub(super) async fn replay<A: Aggregate>(
    journal: &dyn Journal,
    start: Start<A>,
    upto: u64,
    mut each: impl FnMut(Record) -> Result<(), TransferError>,
) -> Result<A, TransferError> {
    let Start {
        mut aggregate,
        after: mut at,
        ..
    } = start;
    while at < upto {
        let records = journal.read(at, PAGE).await?;
        if records.is_empty() {
            return Err(TransferError::Damaged(format!(
                "nothing comes after event {at} of {upto}"
            )));
        }
        for record in records {
            if record.seq > upto {
                break;
            }
            if record.seq != at + 1 {
                let why = format!("event {} follows on {at}", record.seq);
                return Err(TransferError::Damaged(why));
            }
            at = record.seq;
            if at > aggregate.seq() {
                let replayed = aggregate.replay(&record.frame);
                replayed.map_err(|error| {
                    TransferError::Damaged(format!("event {at} can't be read: {error}"))
                })?;
            }
            each(record)?;
        }
    }
    Ok(aggregate)
}

/// Hex SHA-256 of a model's saved form; of an organization its state hash.
pub(super) fn state_hash<A: Aggregate>(aggregate: &A) -> Result<String, TransferError> {
    let saved = serde_json::to_vec(&aggregate.save());
    let saved = saved.map_err(|error| TransferError::Damaged(error.to_string()))?;
    Ok(hex(&Sha256::digest(saved)))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
