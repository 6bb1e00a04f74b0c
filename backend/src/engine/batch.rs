use std::collections::{HashMap, VecDeque};

use shared_types::{
    ErrorCode, Organization, Rejection,
    decide::{Context, Subject},
    model::Entity,
    wire::{Cursor, Epoch},
};
use uuid::Uuid;

use super::{
    Answer, Failure, IdempotencyKey, Render,
    draft::Draft,
    idempotency::Kept,
    mailbox::{Pending, Verdict},
};

/// What one append may hold; what is beyond it waits for the next.
const BATCH_BYTES: usize = 4 << 20;

/// A command with what it is decided by, drawn once: deciding it again gives the same ids and times.
pub(super) struct Job {
    pub pending: Box<Pending>,
    pub context: Context,
}

/// What came to be decided together. It is written together, and nobody is answered before that: even a refusal may
/// be for something that was decided a moment before and is not written yet.
pub(super) struct Batch {
    pub draft: Draft,
    pub jobs: Vec<Job>,
    verdicts: Vec<Result<Verdict, Failure>>,
}

/// What a batch is decided by.
pub(super) struct Rules<'a> {
    pub epoch: &'a Epoch,
    pub kept: &'a Kept,
    pub render: Render,
}

impl Batch {
    /// Decides jobs from the front of the queue, until it is empty or the batch is full.
    pub fn decide(
        organization: Organization,
        queue: &mut VecDeque<Job>,
        rules: &Rules<'_>,
    ) -> Self {
        let mut batch = Self {
            draft: Draft::new(organization),
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
        job: &Job,
        keys: &mut HashMap<Uuid, (Uuid, usize)>,
        rules: &Rules<'_>,
    ) -> Result<Verdict, Failure> {
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
        job: &Job,
        key: Option<&IdempotencyKey>,
        rules: &Rules<'_>,
    ) -> Result<Verdict, Failure> {
        let command = &job.pending.request.command;
        let before = self.draft.records.len();
        let subject = self
            .draft
            .carry_out(command, &job.context)
            .map_err(|rejection| {
                let current = rejection
                    .subject
                    .map(|subject| (rules.render)(&self.draft.organization, subject));
                Failure::Rejected { rejection, current }
            })?;
        let answer = answer(&self.draft.organization, subject, rules);
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

fn answer(model: &Organization, subject: Subject, rules: &Rules<'_>) -> Answer {
    Answer {
        subject,
        entity: (rules.render)(model, subject),
        version: version_of(model, subject),
        cursor: Cursor {
            epoch: rules.epoch.clone(),
            seq: model.seq,
        },
        replayed: false,
    }
}

/// The version of an entity; 0 where it is not there.
fn version_of(model: &Organization, subject: Subject) -> u64 {
    let version = match subject {
        Subject::Organization => Some(model.profile.version()),
        Subject::Project(id) => model.project(id).map(|project| project.version()),
        Subject::Team(id) => model.team(id).map(|team| team.version()),
        Subject::Member(id) => model.member(id).map(|member| member.version()),
        Subject::Item(id) => model.item(id).map(|item| item.version()),
        Subject::Comment(id) => model.comment(id).map(|comment| comment.version()),
    };
    version.unwrap_or(0)
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
