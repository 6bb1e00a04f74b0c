use std::collections::{HashMap, VecDeque};

use shared_types::{
    ErrorCode, Rejection,
    decide::Context,
    wire::{Cursor, Epoch},
};
use uuid::Uuid;

use super::{
    Answer, Failure, IdempotencyKey, Render,
    aggregate::Aggregate,
    draft::Draft,
    idempotency::Kept,
    mailbox::{Pending, Verdict},
};

/// What one append may hold; what is beyond it waits for the next.
const BATCH_BYTES: usize = 4 << 20;

/// A command with what it is decided by, drawn once: deciding it again gives the same ids and times.
pub(super) struct Job<A: Aggregate> {
    pub pending: Box<Pending<A>>,
    pub context: Context,
}

/// What came to be decided together. It is written together, and nobody is answered before that: even a refusal may
/// be for something that was decided a moment before and is not written yet.
pub(super) struct Batch<A: Aggregate> {
    pub draft: Draft<A>,
    pub jobs: Vec<Job<A>>,
    verdicts: Vec<Result<Verdict<A>, Failure>>,
}

/// What a batch is decided by.
pub(super) struct Rules<'a, A: Aggregate> {
    pub epoch: &'a Epoch,
    pub kept: &'a Kept,
    pub render: Render<A>,
}

impl<A: Aggregate> Batch<A> {
    /// Decides jobs from the front of the queue, until it is empty or the batch is full.
    pub fn decide(aggregate: A, queue: &mut VecDeque<Job<A>>, rules: &Rules<'_, A>) -> Self {
        let mut batch = Self {
            draft: Draft::new(aggregate),
            jobs: Vec::new(),
            verdicts: Vec::new(),
        };
        let mut keys = HashMap::new();
        while batch.draft.bytes < BATCH_BYTES
            && let Some(job) = queue.pop_front()
        {
            let verdict = batch.decide_one(&job, &mut keys, rules);
            batch.verdicts.push(verdict);
            batch.jobs.push(job);
        }
        batch
    }

    /// Tells everyone what their command came to. To be called when it is durable.
    pub fn answer(self) {
        for (job, verdict) in self.jobs.into_iter().zip(self.verdicts) {
            // Who has hung up does not hear it.
            let _ = job.pending.reply.send(verdict);
        }
    }

    /// Tells everyone that their command was not carried out, or may not have been, for the same reason.
    pub fn fail(&mut self, failure: &Failure) {
        self.verdicts.clear();
        for job in self.jobs.drain(..) {
            let _ = job.pending.reply.send(Err(failure.clone()));
        }
    }

    /// `keys` are those of this batch, each with its request and its place.
    fn decide_one(
        &mut self,
        job: &Job<A>,
        keys: &mut HashMap<Uuid, (Uuid, usize)>,
        rules: &Rules<'_, A>,
    ) -> Result<Verdict<A>, Failure> {
        let Some(key) = &job.pending.request.idempotency else {
            return self.carry_out(job, None, rules);
        };
        let name = key.name();
        if let Some((request, place)) = keys.get(&name) {
            same_request(*request, key)?;
            let first = self.verdicts[*place].clone()?;
            return Ok(match first {
                Verdict::Done(answer) => Verdict::Done(Box::new(Answer {
                    replayed: true,
                    ..*answer
                })),
                earlier @ Verdict::Earlier { .. } => earlier,
            });
        }
        if let Some(known) = rules.kept.find(name, job.context.at.as_millis()) {
            same_request(known.request, key)?;
            return Ok(Verdict::Earlier { seq: known.seq });
        }
        let before = self.draft.records.len();
        let verdict = self.carry_out(job, Some(key), rules)?;
        // What made no event is not kept: doing it again does no harm.
        if self.draft.records.len() > before {
            keys.insert(name, (key.request(), self.verdicts.len()));
        }
        Ok(verdict)
    }

    fn carry_out(
        &mut self,
        job: &Job<A>,
        key: Option<&IdempotencyKey>,
        rules: &Rules<'_, A>,
    ) -> Result<Verdict<A>, Failure> {
        let command = &job.pending.request.command;
        let before = self.draft.records.len();
        let subject = self
            .draft
            .carry_out(command, &job.context)
            .map_err(|rejection| {
                let current = A::at_issue(&rejection)
                    .map(|subject| (rules.render)(&self.draft.aggregate, subject));
                Failure::Rejected { rejection, current }
            })?;
        let answer = answer(&self.draft.aggregate, subject, rules);
        if let Some(key) = key
            && self.draft.records.len() > before
        {
            match key.record(&answer, job.context.at.as_millis()) {
                Ok(record) => self.draft.keep(record),
                Err(error) => tracing::error!(%error, "an answer can't be kept"),
            }
        }
        Ok(Verdict::Done(Box::new(answer)))
    }
}

fn answer<A: Aggregate>(model: &A, subject: A::Subject, rules: &Rules<'_, A>) -> Answer<A> {
    Answer {
        subject,
        entity: (rules.render)(model, subject),
        version: model.version(subject),
        cursor: Cursor {
            epoch: rules.epoch.clone(),
            seq: model.seq(),
        },
        replayed: false,
    }
}

fn same_request(first: Uuid, key: &IdempotencyKey) -> Result<(), Failure> {
    if first == key.request() {
        return Ok(());
    }
    let detail = format!(
        "The idempotency key {:?} was used for another request: make a new one.",
        key.key
    );
    Err(Failure::Rejected {
        rejection: Rejection::new(ErrorCode::IdempotencyKeyReused, detail),
        current: None,
    })
}
