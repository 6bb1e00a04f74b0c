use std::panic::AssertUnwindSafe;

use shared_types::{ErrorCode, Rejection, decide::Context};

use super::{
    Published,
    aggregate::{Aggregate, Decided, NewEvent, Refused},
};
use crate::journal::{IdempotencyRecord, Private, Record};

/// The model as it would be, and the events that would make it so.
pub(super) struct Draft<A> {
    pub aggregate: A,
    pub records: Vec<Record>,
    pub events: Vec<Published>,
    /// Of all frames.
    pub bytes: usize,
}

impl<A: Aggregate> Draft<A> {
    /// Nothing has happened yet.
    pub fn new(aggregate: A) -> Self {
        Self {
            aggregate,
            records: Vec::new(),
            events: Vec::new(),
            bytes: 0,
        }
    }

    /// Adds what a command comes to. Refused, the draft is as before.
    pub fn carry_out(
        &mut self,
        command: &A::Command,
        context: &Context,
    ) -> Result<A::Subject, Rejection> {
        let Decided {
            aggregate,
            subject,
            events,
        } = decide_safely(&self.aggregate, command, context)?;
        self.aggregate = aggregate;
        let private = context.from.map(|from| Private {
            from: Some(from),
            idempotency: None,
        });
        for event in events {
            self.bytes += event.frame.len();
            let (record, published) = split(event, private.clone());
            self.records.push(record);
            self.events.push(published);
        }
        Ok(subject)
    }

    /// Keeps an idempotency key with the last event.
    pub fn keep(&mut self, idempotency: IdempotencyRecord) {
        if let Some(last) = self.records.last_mut() {
            last.private.get_or_insert_default().idempotency = Some(idempotency);
        }
    }
}

/// A defect in one rule must not take every later command with it. The model is not at risk: deciding only reads it.
fn decide_safely<A: Aggregate>(
    aggregate: &A,
    command: &A::Command,
    context: &Context,
) -> Result<Decided<A>, Rejection> {
    let decided = std::panic::catch_unwind(AssertUnwindSafe(|| aggregate.decide(command, context)));
    let defect = match decided {
        Ok(Ok(decided)) => return Ok(decided),
        Ok(Err(Refused::Rules(rejection))) => return Err(rejection),
        Ok(Err(Refused::Encoding(error))) => error.to_string(),
        Err(_) => "deciding it has panicked".to_owned(),
    };
    tracing::error!(
        request_id = context.cause,
        ?command,
        defect,
        "a command can't be carried out"
    );
    Err(Rejection::new(
        ErrorCode::Internal,
        "Something went wrong; it is in the server's log.",
    ))
}

/// What is kept of an event, and what is told of it.
fn split(event: NewEvent, private: Option<Private>) -> (Record, Published) {
    let NewEvent {
        seq,
        id,
        at,
        frame,
        reach,
        proofs,
    } = event;
    let record = Record {
        seq,
        id,
        frame: frame.clone(),
        prev: reach.topics.clone(),
        barriers: reach.barriers.clone(),
        private,
        proofs,
    };
    let published = Published {
        seq,
        at,
        frame,
        prev: reach.topics,
        barriers: reach.barriers,
        rollups: reach.rollups,
    };
    (record, published)
}
