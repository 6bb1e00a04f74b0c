//! Where a model stands against its line.

use crate::journal::{AppendError, Head, Journal, ReadError, fresh_epoch};

/// Where the model stands against the line.
pub(super) enum Standing {
    /// At its end.
    Same,
    /// It goes on from where the model is.
    Behind,
    /// Somebody has begun another life of it, or what lies between is not kept any more.
    Elsewhere,
    /// Events that were applied are not in it any more: it was restored, or a replica went on that did not have them.
    TailLost,
}

/// Where a model that is at `own` stands.
pub(super) async fn standing(journal: &dyn Journal, own: &Head) -> Result<Standing, ReadError> {
    let head = journal.head().await?;
    if head == *own {
        return Ok(Standing::Same);
    }
    if head.epoch != own.epoch {
        return Ok(Standing::Elsewhere);
    }
    if head.seq <= own.seq {
        return Ok(Standing::TailLost);
    }
    let Some(id) = own.id else {
        return Ok(Standing::Behind);
    };
    let there = journal.read(own.seq - 1, 1).await?;
    Ok(match there.first() {
        Some(record) if record.seq == own.seq && record.id == id => Standing::Behind,
        Some(record) if record.seq == own.seq => Standing::TailLost,
        _ => Standing::Elsewhere,
    })
}

/// Begins another life of a line that has lost its tail. Of all nodes that notice, one does.
pub(super) async fn begin_epoch(journal: &dyn Journal, own: &Head) -> Result<(), AppendError> {
    tracing::error!(
        seq = own.seq,
        "events that were applied here are not in the journal any more: a new epoch begins"
    );
    journal.set_epoch(own.epoch.clone(), fresh_epoch()).await
}

/// Before a line is used again that ended here when it was left: if it has lost its tail meanwhile, another life of it
/// begins, and whoever holds a cursor of what is lost takes a snapshot.
pub async fn come_back(journal: &dyn Journal, left: &Head) -> Result<(), AppendError> {
    let standing = standing(journal, left)
        .await
        .map_err(|error| AppendError::Unavailable(error.to_string()))?;
    match standing {
        Standing::TailLost => begin_epoch(journal, left).await,
        Standing::Same | Standing::Behind | Standing::Elsewhere => Ok(()),
    }
}
