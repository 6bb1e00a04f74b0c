//! How a decided batch becomes durable, and what happens when it does not.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use super::{
    Failure, Model, Published,
    aggregate::Aggregate,
    batch::Batch,
    mailbox::Message,
    metrics,
    task::{Pace, Task},
};
use crate::journal::{AppendError, Head, Record};

/// How long clients are left waiting while an outcome is not known; from then on they are told so.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two tries to find out.
pub(super) const RETRY_EVERY: Duration = Duration::from_millis(200);

impl<A: Aggregate> Task<A> {
    /// Writes a batch and answers it, unless another node was first: then its jobs are in the queue again.
    pub(super) async fn write(&mut self, mut batch: Batch<A>) {
        if batch.draft.records.is_empty() {
            return batch.answer();
        }
        let records: Arc<[Record]> = std::mem::take(&mut batch.draft.records).into();
        let started = Instant::now();
        let mut is_in_doubt = false;
        loop {
            let reason = match self
                .shared
                .journal
                .append(self.state.head.clone(), Arc::clone(&records))
                .await
            {
                Ok(head) => return self.commit(batch, &records, head, started.elapsed()),
                Err(AppendError::Conflict(missing)) => {
                    return self
                        .lose(batch, &records, missing, started, is_in_doubt)
                        .await;
                }
                Err(AppendError::Unavailable(reason)) if !is_in_doubt => {
                    return self.refuse(batch, reason);
                }
                // That this try has written nothing does not tell what the first one did.
                Err(AppendError::Unavailable(reason) | AppendError::OutcomeUnknown(reason)) => {
                    reason
                }
            };
            if !is_in_doubt {
                tracing::error!(
                    reason,
                    events = records.len(),
                    "it is not known whether a batch was written"
                );
                self.shared.writable.store(false, Ordering::Relaxed);
                metrics::failed();
                is_in_doubt = true;
            }
            // The same batch again: it is appended if it was not, and else the journal says so.
            if started.elapsed() < PATIENCE {
                tokio::time::sleep(RETRY_EVERY).await;
                continue;
            }
            batch.fail(&Failure::OutcomeUnknown);
            self.refuse_everyone(RETRY_EVERY).await;
            if self.stopping.is_some() {
                return;
            }
        }
    }

    fn commit(&mut self, batch: Batch<A>, records: &[Record], head: Head, took: Duration) {
        records
            .iter()
            .for_each(|record| self.state.kept.learn(record));
        self.state.head = head;
        self.shared.writable.store(true, Ordering::Relaxed);
        let now = Instant::now();
        // When it was written is not known closer than that.
        let asked_at = now.checked_sub(took).unwrap_or(now);
        self.shared.freshness.renew(asked_at);
        self.pace = Pace {
            commands: batch.jobs.len(),
            took,
        };
        metrics::written(batch.jobs.len(), records.len(), took);
        self.publish(batch.draft.aggregate.clone(), &batch.draft.events);
        batch.answer();
    }

    /// Readers see the new model first, then followers are told, then those who wait for it.
    pub(super) fn publish(&self, aggregate: A, events: &[Published]) {
        let model = Arc::new(Model {
            aggregate,
            cursor: self.state.head.cursor(),
        });
        self.shared.model.store(Arc::clone(&model));
        self.publisher.publish(&model, events);
        self.shared.moved.send_replace(());
    }

    fn refuse(&mut self, mut batch: Batch<A>, reason: String) {
        tracing::warn!(reason, commands = batch.jobs.len(), "writes can't be taken");
        self.shared.writable.store(false, Ordering::Relaxed);
        metrics::failed();
        batch.fail(&Failure::Unavailable(reason));
    }

    /// The head has moved: by an earlier try of this very batch, or because another node was first.
    async fn lose(
        &mut self,
        mut batch: Batch<A>,
        records: &[Record],
        missing: Vec<Record>,
        started: Instant,
        is_in_doubt: bool,
    ) {
        // All of a batch is written or nothing, so the first record tells for all.
        let id = |records: &[Record]| records.first().map(|record| record.id);
        let is_own = id(&missing).is_some_and(|there| Some(there) == id(records));
        let others = match records.last() {
            Some(last) if is_own => {
                let head = Head {
                    seq: last.seq,
                    id: Some(last.id),
                    ..self.state.head.clone()
                };
                self.commit(batch, records, head, started.elapsed());
                missing.get(records.len()..).unwrap_or_default()
            }
            // The line goes on from somewhere else, and with what came before went what would tell whether the batch
            // was written: deciding it again might do it twice.
            _ if is_in_doubt && missing.is_empty() => {
                batch.fail(&Failure::OutcomeUnknown);
                return self.go_elsewhere().await;
            }
            _ => {
                batch
                    .jobs
                    .into_iter()
                    .rev()
                    .for_each(|job| self.queue.push_front(job));
                if missing.is_empty() {
                    return self.go_elsewhere().await;
                }
                &missing[..]
            }
        };
        if let Err(reason) = self.follow(others).await {
            tracing::error!(reason, "what others have written does not fit");
            self.reload().await;
        }
    }

    /// The line does not go on from where the model is. Where no other place is found either, it is not there any more or
    /// can't be compared with: to decide the same again would only be refused again.
    async fn go_elsewhere(&mut self) {
        let before = self.state.head.clone();
        self.repair().await;
        if self.state.head == before {
            tracing::error!(
                seq = before.seq,
                "the line does not go on from here and no other place in it is found: writes can't be taken"
            );
            self.shared.writable.store(false, Ordering::Relaxed);
            metrics::failed();
            self.refuse_everyone(RETRY_EVERY).await;
        }
    }

    /// For so long, whoever wants to write is told that it is not possible now.
    pub(super) async fn refuse_everyone(&mut self, time: Duration) {
        let refusal =
            || Failure::Unavailable("what became of an earlier write is being found out".into());
        for job in self.queue.drain(..) {
            // An error means that nobody listens any more.
            let _ = job.pending.reply.send(Err(refusal()));
        }
        let until = tokio::time::Instant::now() + time;
        while let Ok(message) = tokio::time::timeout_at(until, self.mailbox.recv()).await {
            match message {
                Some(Message::Execute(pending)) => {
                    let _ = pending.reply.send(Err(refusal()));
                }
                Some(Message::Stop(stopped)) => {
                    self.mailbox.close();
                    self.stopping = Some(stopped);
                }
                None => return tokio::time::sleep_until(until).await,
            }
        }
    }
}
