use std::sync::Arc;

use shared_types::{Event, Organization, wire::EventMessage};

use super::Published;
use crate::journal::Record;

/// Applies an event that was decided before, here or elsewhere.
pub(super) fn replay(
    organization: &mut Organization,
    record: &Record,
) -> Result<(Arc<Event>, Published), String> {
    if record.seq != organization.seq + 1 {
        return Err(format!(
            "event {} follows on {}",
            record.seq, organization.seq
        ));
    }
    let message: EventMessage = serde_json::from_slice(&record.frame)
        .map_err(|error| format!("event {} can't be read: {error}", record.seq))?;
    let reach = organization.apply(&message.event);
    if organization.seq != record.seq {
        return Err(format!(
            "the record at {} holds event {}",
            record.seq, message.event.seq
        ));
    }
    let published = Published {
        seq: record.seq,
        at: message.event.at,
        frame: record.frame.clone(),
        prev: record.prev.clone(),
        barriers: record.barriers.clone(),
        rollups: reach.rollups,
    };
    Ok((message.event, published))
}
