//! Saving the model, so that a start need not replay everything.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use shared_types::value::{EventId, Timestamp};
use tokio::task::JoinHandle;

use super::{
    aggregate::Aggregate,
    idempotency::Kept,
    load::{LoadError, load},
};
use crate::journal::{Journal, StoredSnapshot};

/// Events after which the model is saved again. Replaying as many takes a fraction of a second.
const EVERY_EVENTS: u64 = 10_000;
/// And not before so many times what the last saving took: a large model under many writes would be saved all the time.
const REST: u32 = 30;

/// The model as it is saved.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedModel<S> {
    /// The event at its position: in another journal there is another one.
    pub head: EventId,
    pub head_at: Timestamp,
    pub kept: Kept,
    #[serde(rename = "organization")]
    pub aggregate: S,
}

/// The model at a position, as a few pointers.
pub(super) struct Saving<A> {
    pub aggregate: A,
    pub head: EventId,
    pub head_at: Timestamp,
    pub kept: Kept,
}

/// Saves the model now and then, away from the engine's task.
pub(super) struct Saver {
    journal: Arc<dyn Journal>,
    /// The position that is saved, or being saved.
    saved: u64,
    under_way: Option<JoinHandle<Duration>>,
    /// Not before this.
    rest: Option<Instant>,
}

impl Saver {
    /// A saver that knows of a model saved at a position.
    pub fn new(journal: Arc<dyn Journal>, saved: u64) -> Self {
        Self {
            journal,
            saved,
            under_way: None,
            rest: None,
        }
    }

    /// Whether it is time to save the model at this position.
    pub async fn is_due(&mut self, seq: u64) -> bool {
        if self.under_way.as_ref().is_some_and(JoinHandle::is_finished) {
            self.wait().await;
        }
        let is_rested = self.rest.is_none_or(|until| Instant::now() >= until);
        self.under_way.is_none() && is_rested && seq >= self.saved + EVERY_EVENTS
    }

    /// Starts to save it.
    pub fn save<A: Aggregate>(&mut self, saving: Saving<A>) {
        self.saved = saving.aggregate.seq();
        self.under_way = Some(tokio::spawn(save(Arc::clone(&self.journal), saving)));
    }

    /// Saves what has not been saved yet and waits for it.
    pub async fn finish<A: Aggregate>(&mut self, last: Option<Saving<A>>) {
        if let Some(saving) = last.filter(|saving| saving.aggregate.seq() > self.saved) {
            self.wait().await;
            self.save(saving);
        }
        self.wait().await;
    }

    async fn wait(&mut self) {
        let Some(task) = self.under_way.take() else {
            return;
        };
        match task.await {
            Ok(took) => self.rest = Some(Instant::now() + took * REST),
            Err(error) => tracing::error!(%error, "saving the model has panicked"),
        }
    }
}

/// Reads a saved model: the event at its position, and what it holds.
pub fn read_saved<A: Aggregate>(bytes: &[u8]) -> Result<(EventId, A), serde_json::Error> {
    let saved: SavedModel<A::Saved> = serde_json::from_slice(bytes)?;
    Ok((saved.head, A::load(saved.aggregate)))
}

/// Makes the model of a journal's events and saves it, so that the next start is quick. Answers it.
pub async fn load_and_save<A: Aggregate>(
    journal: Arc<dyn Journal>,
    origin: A::Origin,
) -> Result<A, LoadError> {
    let loaded = load::<A>(&*journal, origin).await?;
    let mut saver = Saver::new(journal, loaded.saved);
    let saving = loaded.head.id.map(|head| Saving {
        aggregate: loaded.aggregate.clone(),
        head,
        head_at: loaded.head_at,
        kept: loaded.kept,
    });
    saver.finish(saving).await;
    Ok(loaded.aggregate)
}

/// Answers how long it took.
async fn save<A: Aggregate>(journal: Arc<dyn Journal>, saving: Saving<A>) -> Duration {
    let started = Instant::now();
    let seq = saving.aggregate.seq();
    if let Err(reason) = try_save(&*journal, saving).await {
        // No harm is done: the next start replays from an older one.
        tracing::warn!(reason, seq, "the model could not be saved");
    }
    started.elapsed()
}

async fn try_save<A: Aggregate>(journal: &dyn Journal, saving: Saving<A>) -> Result<(), String> {
    let (seq, head) = (saving.aggregate.seq(), saving.head);
    let encode = move || {
        let Saving {
            aggregate,
            head,
            head_at,
            kept,
        } = saving;
        serde_json::to_vec(&SavedModel {
            head,
            head_at,
            kept,
            aggregate: aggregate.save(),
        })
    };
    let encoded = tokio::task::spawn_blocking(encode)
        .await
        .map_err(|error| error.to_string())?;
    let bytes = Bytes::from(encoded.map_err(|error| error.to_string())?);
    journal
        .save_snapshot(head, StoredSnapshot { seq, bytes })
        .await
        .map_err(|error| error.to_string())
}
