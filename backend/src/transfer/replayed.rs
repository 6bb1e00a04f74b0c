//! A model made by its events alone, and its fingerprint.

use sha2::{Digest, Sha256};

use super::TransferError;
use crate::{
    engine::Aggregate,
    journal::{Journal, Record},
};

/// Records read at a time.
const PAGE: usize = 1_000;

/// Goes through a journal up to a position and makes the model of it. Answers it at the end.
pub(super) async fn replay<A: Aggregate>(
    journal: &dyn Journal,
    origin: A::Origin,
    upto: u64,
    mut each: impl FnMut(Record) -> Result<(), TransferError>,
) -> Result<A, TransferError> {
    let mut aggregate = A::begin(origin);
    while aggregate.seq() < upto {
        let after = aggregate.seq();
        let records = journal.read(after, PAGE).await?;
        if records.is_empty() {
            return Err(TransferError::Damaged(format!(
                "nothing comes after event {after} of {upto}"
            )));
        }
        for record in records {
            if record.seq > upto {
                break;
            }
            if record.seq != aggregate.seq() + 1 {
                let why = format!("event {} follows on {}", record.seq, aggregate.seq());
                return Err(TransferError::Damaged(why));
            }
            let replayed = aggregate.replay(&record.frame);
            replayed.map_err(|error| {
                TransferError::Damaged(format!("event {} can't be read: {error}", record.seq))
            })?;
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
