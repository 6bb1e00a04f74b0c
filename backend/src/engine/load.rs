use shared_types::{Organization, model::OrganizationProfile, value::Timestamp};

use super::{idempotency::Kept, replay::replay, save::SavedModel};
use crate::journal::{Head, Journal, ReadError, Record, StoredSnapshot};

/// Records read at a time.
const PAGE: usize = 1_000;

/// The model as the journal has it.
pub(super) struct Loaded {
    pub organization: Organization,
    pub head: Head,
    pub head_at: Timestamp,
    pub kept: Kept,
    /// The position of the saved model that was used.
    pub saved: u64,
}

/// Why the model can't be made.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(transparent)]
    Read(#[from] ReadError),
    /// What is in the journal makes no sense.
    #[error("the journal is damaged: {0}. Restore it from a backup")]
    Damaged(String),
}

/// Makes the model: the newest saved one that fits, and what has happened since.
pub(super) async fn load(
    journal: &dyn Journal,
    founded: OrganizationProfile,
) -> Result<Loaded, LoadError> {
    let mut loaded = match journal.snapshot().await? {
        Some(snapshot) => from_saved(journal, snapshot).await?,
        None => None,
    }
    .unwrap_or_else(|| Start::new(founded));
    let saved = loaded.organization.seq;
    loop {
        let records = journal.read(loaded.organization.seq, PAGE).await?;
        for record in &records {
            let (event, _) =
                replay(&mut loaded.organization, record).map_err(LoadError::Damaged)?;
            loaded.kept.learn(record);
            loaded.head_at = event.at;
        }
        if records.len() < PAGE {
            break;
        }
    }
    let head = journal.head().await?;
    let Start {
        organization,
        head_at,
        kept,
    } = loaded;
    if head.seq != organization.seq {
        let reason = format!(
            "it ends at {}, but its records at {}",
            head.seq, organization.seq
        );
        return Err(LoadError::Damaged(reason));
    }
    tracing::info!(epoch = %head.epoch, seq = head.seq, saved, "the model is loaded");
    Ok(Loaded {
        organization,
        head,
        head_at,
        kept,
        saved,
    })
}

/// The model to replay from.
struct Start {
    organization: Organization,
    head_at: Timestamp,
    kept: Kept,
}

impl Start {
    fn new(founded: OrganizationProfile) -> Self {
        Self {
            head_at: founded.stamp.created_at,
            organization: Organization::new(founded),
            kept: Kept::default(),
        }
    }
}

/// A saved model, if it can be read and is of this very journal. The journal is the truth: without it, all is replayed.
async fn from_saved(
    journal: &dyn Journal,
    snapshot: StoredSnapshot,
) -> Result<Option<Start>, ReadError> {
    let seq = snapshot.seq;
    let parse = move || serde_json::from_slice::<SavedModel>(&snapshot.bytes);
    let saved = match tokio::task::spawn_blocking(parse).await {
        Ok(Ok(saved)) => saved,
        Ok(Err(error)) => {
            tracing::warn!(%error, seq, "the saved model can't be read and is left aside");
            return Ok(None);
        }
        Err(error) => {
            tracing::warn!(%error, seq, "reading the saved model has panicked; it is left aside");
            return Ok(None);
        }
    };
    let organization = Organization::load(saved.organization);
    let there = journal.read(seq.saturating_sub(1), 1).await?;
    let is_same = |record: &Record| record.seq == seq && record.id == saved.head;
    let fits = organization.seq == seq && there.first().is_some_and(is_same);
    if !fits {
        tracing::warn!(
            seq,
            "the saved model is not of this journal and is left aside"
        );
        return Ok(None);
    }
    Ok(Some(Start {
        organization,
        head_at: saved.head_at,
        kept: saved.kept,
    }))
}
