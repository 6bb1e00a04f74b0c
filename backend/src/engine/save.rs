//! Saving the model, so that a start need not replay everything.

use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use shared_types::{
    Organization,
    state::SavedOrganization,
    value::{EventId, Timestamp},
};
use tokio::task::JoinHandle;

use super::idempotency::Kept;
use crate::journal::{Journal, StoredSnapshot};

/// Events after which the model is saved again. Replaying as many takes a fraction of a second.
const EVERY_EVENTS: u64 = 10_000;

/// The model as it is saved.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedModel {
    /// The event at its position: in another journal there is another one.
    pub head: EventId,
    pub head_at: Timestamp,
    pub kept: Kept,
    pub organization: SavedOrganization,
}

/// The model at a position, as a few pointers.
pub(super) struct Saving {
    pub organization: Organization,
    pub head: EventId,
    pub head_at: Timestamp,
    pub kept: Kept,
}

/// Saves the model now and then, away from the engine's task.
pub(super) struct Saver {
    journal: Arc<dyn Journal>,
    /// The position that is saved, or being saved.
    saved: u64,
    under_way: Option<JoinHandle<()>>,
}

impl Saver {
    /// A saver that knows of a model saved at a position.
    pub fn new(journal: Arc<dyn Journal>, saved: u64) -> Self {
        Self { journal, saved, under_way: None }
    }

    /// Whether it is time to save the model at this position.
    pub fn is_due(&self, seq: u64) -> bool {
        let is_free = self.under_way.as_ref().is_none_or(JoinHandle::is_finished);
        is_free && seq >= self.saved + EVERY_EVENTS
    }

    /// Starts to save it.
    pub fn save(&mut self, saving: Saving) {
        self.saved = saving.organization.seq;
        self.under_way = Some(tokio::spawn(save(Arc::clone(&self.journal), saving)));
    }

    /// Saves what has not been saved yet and waits for it.
    pub async fn finish(&mut self, last: Option<Saving>) {
        if let Some(saving) = last.filter(|saving| saving.organization.seq > self.saved) {
            self.wait().await;
            self.save(saving);
        }
        self.wait().await;
    }

    async fn wait(&mut self) {
        if let Some(task) = self.under_way.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "saving the model has panicked");
        }
    }
}

async fn save(journal: Arc<dyn Journal>, saving: Saving) {
    let seq = saving.organization.seq;
    let encode = move || {
        let Saving { organization, head, head_at, kept } = saving;
        serde_json::to_vec(&SavedModel { head, head_at, kept, organization: organization.save() })
    };
    let bytes = match tokio::task::spawn_blocking(encode).await {
        Ok(Ok(bytes)) => Bytes::from(bytes),
        Ok(Err(error)) => return tracing::error!(%error, seq, "the model can't be written as JSON"),
        Err(error) => return tracing::error!(%error, seq, "writing the model as JSON has panicked"),
    };
    match journal.save_snapshot(StoredSnapshot { seq, bytes }).await {
        Ok(()) => tracing::debug!(seq, "the model is saved"),
        // No harm is done: the next start replays from an older one.
        Err(error) => tracing::warn!(%error, seq, "the model could not be saved"),
    }
}
