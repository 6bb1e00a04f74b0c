use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use arc_swap::ArcSwap;
use shared_types::{Organization, wire::Cursor};
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

use super::{
    Answer, Failure, Model, Request,
    aggregate::Aggregate,
    freshness::Freshness,
    idempotency::answer_kept_at,
    mailbox::{Message, Pending, Verdict},
};
use crate::journal::{Head, Journal};

/// A handle to the engine of one organization, or of the directory; a clone is a pointer.
pub struct Engine<A: Aggregate = Organization> {
    mailbox: mpsc::Sender<Message<A>>,
    shared: Arc<Shared<A>>,
}

impl<A: Aggregate> Clone for Engine<A> {
    fn clone(&self) -> Self {
        Self {
            mailbox: self.mailbox.clone(),
            shared: Arc::clone(&self.shared),
        }
    }
}

/// What the engine's task and its handles share.
pub(super) struct Shared<A: Aggregate> {
    pub model: ArcSwap<Model<A>>,
    /// Wakes those who wait for a position.
    pub moved: watch::Sender<()>,
    /// Whether the last write, or the last probe since, was taken.
    pub writable: AtomicBool,
    pub journal: Arc<dyn Journal>,
    pub freshness: Freshness,
    /// Those who ask at a time where the line ends.
    pub catching_up: Semaphore,
    pub thread: Mutex<Option<JoinHandle<()>>>,
}

/// How the engine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// Whether the model is there to be read.
    pub loaded: bool,
    /// Whether writes are taken.
    pub writes: bool,
    /// How long ago, in seconds, the model was last known to be all there is.
    pub stale_seconds: u64,
}

/// Where the model stands against a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// There, or further.
    Reached,
    /// Not there in the time given.
    NotYet,
    /// The cursor is of another line, which this one will never reach.
    OtherEpoch,
}

impl<A: Aggregate> Engine<A> {
    pub(super) fn new(mailbox: mpsc::Sender<Message<A>>, shared: Arc<Shared<A>>) -> Self {
        Self { mailbox, shared }
    }

    /// From here on [`Engine::stop`] waits for this thread.
    pub(super) fn own(&self, thread: JoinHandle<()>) {
        *self
            .shared
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(thread);
    }

    /// Carries out a command. When it answers `Ok`, what it did is durable, visible in [`Engine::model`] and on its
    /// way to everyone who follows.
    pub async fn execute(&self, request: Request<A>) -> Result<Answer<A>, Failure> {
        let (reply, verdict) = oneshot::channel();
        let message = Message::Execute(Box::new(Pending { request, reply }));
        self.mailbox.try_send(message).map_err(|error| {
            Failure::Unavailable(match error {
                mpsc::error::TrySendError::Full(_) => {
                    "too many writes are waiting: try again in a moment".into()
                }
                mpsc::error::TrySendError::Closed(_) => "the server is shutting down".into(),
            })
        })?;
        // Without an answer the task has died in the middle of it, and only the journal knows.
        match verdict.await.unwrap_or(Err(Failure::OutcomeUnknown))? {
            Verdict::Done(answer) => Ok(*answer),
            Verdict::Earlier { seq } => answer_kept_at(&*self.shared.journal, seq).await,
        }
    }

    /// The model as it is now.
    pub fn model(&self) -> Arc<Model<A>> {
        self.shared.model.load_full()
    }

    /// Woken whenever the model has moved.
    pub fn moved(&self) -> watch::Receiver<()> {
        self.shared.moved.subscribe()
    }

    /// Waits, at most so long, until the model is at a cursor that another answer carried.
    pub async fn reached(&self, cursor: &Cursor, wait: Duration) -> Position {
        let mut moved = self.shared.moved.subscribe();
        let there = async {
            let mut is_to_come = false;
            loop {
                let here = self.shared.model.load().cursor.clone();
                if here.epoch == cursor.epoch && here.seq >= cursor.seq {
                    return Position::Reached;
                }
                // Another node may have begun it, or gone further, without this one having heard of it.
                if !is_to_come && self.is_shared() {
                    match self.shared.journal.head().await {
                        Ok(head) if head.epoch != cursor.epoch => return Position::OtherEpoch,
                        _ => is_to_come = true,
                    }
                } else if here.epoch != cursor.epoch && !is_to_come {
                    return Position::OtherEpoch;
                } else if moved.changed().await.is_err() {
                    return Position::NotYet;
                }
            }
        };
        tokio::time::timeout(wait, there)
            .await
            .unwrap_or(Position::NotYet)
    }

    /// Whether others write to the same line.
    pub fn is_shared(&self) -> bool {
        self.shared.freshness.is_shared()
    }

    /// Waits, at most so long, until the model is where the line ends now.
    pub async fn catch_up(&self, wait: Duration) {
        let there = async {
            // Whoever asks in vain, again and again, takes no more than this of what the journal can answer.
            let Ok(_turn) = self.shared.catching_up.acquire().await else {
                return;
            };
            match self.shared.journal.head().await {
                Ok(head) => drop(self.reached(&head.cursor(), wait).await),
                Err(error) => tracing::debug!(%error, "it is not known where the line ends"),
            }
        };
        // In vain, what is known has to do.
        let _ = tokio::time::timeout(wait, there).await;
    }

    /// How the engine is.
    pub fn health(&self) -> Health {
        let freshness = &self.shared.freshness;
        Health {
            loaded: true,
            // Who does not hear others could write, but would learn too late of what they write.
            writes: self.shared.writable.load(Ordering::Relaxed) && freshness.hears(),
            stale_seconds: freshness.stale_seconds(),
        }
    }

    /// Carries out what is waiting, saves the model and ends the task. From then on commands are refused. Answers where
    /// the line ended; none where the task had ended before.
    pub async fn stop(&self) -> Option<Head> {
        let (reply, stopped) = oneshot::channel();
        let head = match self.mailbox.send(Message::Stop(reply)).await {
            Ok(()) => stopped.await.ok(),
            Err(_) => None,
        };
        let thread = self
            .shared
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the engine ended in a panic");
        }
        head
    }
}
