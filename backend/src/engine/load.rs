use shared_types::value::Timestamp;

use super::{
    aggregate::Aggregate, idempotency::Kept, replay::replay, save::SavedModel, standing::come_back,
};
use crate::journal::{AppendError, Head, Journal, ReadError, Record, StoredSnapshot};

/// Records read at a time.
const PAGE: usize = 1_000;

/// The model as the journal has it.
pub(super) struct Loaded<A> {
    pub aggregate: A,
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
    #[error("the journal can't be written: {0}")]
    Write(#[from] AppendError),
    /// What is in the journal makes no sense.
    #[error("the journal is damaged: {0}. Restore it from a backup")]
    Damaged(String),
}

/// Makes the model: the newest saved one that fits, and what has happened since.
pub(super) async fn load<A: Aggregate>(
    journal: &dyn Journal,
    origin: A::Origin,
) -> Result<Loaded<A>, LoadError> {
    let mut loaded = newest_saved::<A>(journal)
        .await?
        .unwrap_or_else(|| Start::new(origin));
    let saved = loaded.aggregate.seq();
    // Others may write meanwhile: what is loaded ends here.
    let head = journal.head().await?;
    loop {
        let missing = head.seq.saturating_sub(loaded.aggregate.seq());
        let page = usize::try_from(missing).map_or(PAGE, |missing| missing.min(PAGE));
        let records = match page {
            0 => break,
            page => journal.read(loaded.aggregate.seq(), page).await?,
        };
        for record in &records {
            let (at, _) = replay(&mut loaded.aggregate, record).map_err(LoadError::Damaged)?;
            loaded.kept.learn(record);
            loaded.head_at = at;
        }
        if records.is_empty() {
            break;
        }
    }
    loaded.aggregate.take_proofs(journal.proofs().await?);
    let Start {
        aggregate,
        head_at,
        kept,
    } = loaded;
    if head.seq != aggregate.seq() {
        let reason = format!(
            "it ends at {}, but its records at {}",
            head.seq,
            aggregate.seq()
        );
        return Err(LoadError::Damaged(reason));
    }
    tracing::info!(epoch = %head.epoch, seq = head.seq, saved, "the model is loaded");
    Ok(Loaded {
        aggregate,
        head,
        head_at,
        kept,
        saved,
    })
}

/// The model to replay from.
struct Start<A> {
    aggregate: A,
    head_at: Timestamp,
    kept: Kept,
}

impl<A: Aggregate> Start<A> {
    fn new(origin: A::Origin) -> Self {
        Self {
            head_at: A::begun_at(&origin),
            aggregate: A::begin(origin),
            kept: Kept::default(),
        }
    }
}

/// The newest saved model that is of use. The journal is the truth: without one, all is replayed.
async fn newest_saved<A: Aggregate>(journal: &dyn Journal) -> Result<Option<Start<A>>, LoadError> {
    while let Some(snapshot) = journal.snapshot().await? {
        let seq = snapshot.seq;
        let start = from_saved::<A>(journal, snapshot).await?;
        if start.is_some() || !journal.drop_snapshot(seq).await? {
            return Ok(start);
        }
    }
    Ok(None)
}

/// A saved model, if it can be read and is of this very journal.
async fn from_saved<A: Aggregate>(
    journal: &dyn Journal,
    snapshot: StoredSnapshot,
) -> Result<Option<Start<A>>, LoadError> {
    let seq = snapshot.seq;
    let parse = move || serde_json::from_slice::<SavedModel<A::Saved>>(&snapshot.bytes);
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
    let aggregate = A::load(saved.aggregate);
    let there = journal.read(seq.saturating_sub(1), 1).await?;
    let is_same = |record: &Record| record.seq == seq && record.id == saved.head;
    let fits = aggregate.seq() == seq && there.first().is_some_and(is_same);
    if !fits {
        tracing::warn!(
            seq,
            "the saved model is not of this journal and is left aside"
        );
        // What it was made of was told to clients: an older journal was put in the place of the one it is of.
        let told = Head {
            epoch: journal.head().await?.epoch,
            seq,
            id: Some(saved.head),
        };
        come_back(journal, &told).await?;
        return Ok(None);
    }
    Ok(Some(Start {
        aggregate,
        head_at: saved.head_at,
        kept: saved.kept,
    }))
}
