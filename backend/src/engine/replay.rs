use shared_types::value::Timestamp;

use super::{Published, aggregate::Aggregate};
use crate::journal::Record;

/// Applies an event that was decided before, here or elsewhere. Answers when it happened, too.
pub(super) fn replay<A: Aggregate>(
    aggregate: &mut A,
    record: &Record,
) -> Result<(Timestamp, Published), String> {
    if record.seq != aggregate.seq() + 1 {
        return Err(format!(
            "event {} follows on {}",
            record.seq,
            aggregate.seq()
        ));
    }
    let replayed = aggregate
        .replay(&record.frame)
        .map_err(|error| format!("event {} can't be read: {error}", record.seq))?;
    if aggregate.seq() != record.seq {
        return Err(format!(
            "the record at {} holds event {}",
            record.seq,
            aggregate.seq()
        ));
    }
    let published = Published {
        seq: record.seq,
        at: replayed.at,
        frame: record.frame.clone(),
        prev: record.prev.clone(),
        barriers: record.barriers.clone(),
        rollups: replayed.rollups,
    };
    Ok((replayed.at, published))
}
