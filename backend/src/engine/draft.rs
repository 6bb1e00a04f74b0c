use std::{collections::BTreeMap, panic::AssertUnwindSafe, sync::Arc};

use bytes::Bytes;
use shared_types::{
    ErrorCode, Event, Organization, Rejection,
    command::Command,
    decide::{self, Context, Decision, Subject},
    state::Reach,
    wire::{EventMessage, ServerMessage},
};

use super::Published;
use crate::journal::{IdempotencyRecord, Private, Record};

/// The model as it would be, and the events that would make it so.
pub(super) struct Draft {
    pub organization: Organization,
    pub records: Vec<Record>,
    pub events: Vec<Published>,
    /// Of all frames.
    pub bytes: usize,
}

impl Draft {
    /// Nothing has happened yet.
    pub fn new(organization: Organization) -> Self {
        Self {
            organization,
            records: Vec::new(),
            events: Vec::new(),
            bytes: 0,
        }
    }

    /// Adds what a command comes to. Refused, the draft is as before.
    pub fn carry_out(
        &mut self,
        command: &Command,
        context: &Context,
    ) -> Result<Subject, Rejection> {
        let decision = decide_safely(&self.organization, command, context)?;
        let Decision {
            events,
            organization,
            reaches,
            subject,
        } = decision;
        let encoded: Vec<(Record, Published)> = events
            .into_iter()
            .zip(reaches)
            .map(|(event, reach)| encode(event, reach))
            .collect::<Result<_, _>>()?;
        self.organization = organization;
        for (record, published) in encoded {
            self.bytes += record.frame.len();
            self.records.push(record);
            self.events.push(published);
        }
        Ok(subject)
    }

    /// Keeps an idempotency key with the last event.
    pub fn keep(&mut self, idempotency: IdempotencyRecord) {
        if let Some(last) = self.records.last_mut() {
            last.private = Some(Private {
                idempotency: Some(idempotency),
            });
        }
    }
}

/// A defect in one rule must not take every later command with it. The model is not at risk: deciding only reads it.
fn decide_safely(
    organization: &Organization,
    command: &Command,
    context: &Context,
) -> Result<Decision, Rejection> {
    let decided = std::panic::catch_unwind(AssertUnwindSafe(|| {
        decide::decide(organization, command, context)
    }));
    decided.unwrap_or_else(|_| {
        tracing::error!(
            request_id = context.cause,
            ?command,
            "deciding a command has panicked"
        );
        Err(Rejection::new(
            ErrorCode::Internal,
            "Something went wrong; it is in the server's log.",
        ))
    })
}

/// The event as it is kept and as it goes out: serialised here and nowhere else.
fn encode(event: Event, reach: Reach) -> Result<(Record, Published), Rejection> {
    let Event { seq, id, at, .. } = event;
    let prev: BTreeMap<_, _> = reach.topics.iter().copied().collect();
    let message = ServerMessage::Event(EventMessage {
        prev,
        event: Arc::new(event),
    });
    let frame = serde_json::to_vec(&message)
        .map(Bytes::from)
        .map_err(|error| {
            tracing::error!(%error, seq, "an event can't be written as JSON");
            Rejection::new(
                ErrorCode::Internal,
                "Something went wrong; it is in the server's log.",
            )
        })?;
    let record = Record {
        seq,
        id,
        frame: frame.clone(),
        prev: reach.topics.clone(),
        barriers: reach.barriers.clone(),
        private: None,
    };
    let Reach {
        topics: prev,
        barriers,
        rollups,
    } = reach;
    Ok((
        record,
        Published {
            seq,
            at,
            frame,
            prev,
            barriers,
            rollups,
        },
    ))
}
