use serde::Serialize;
use serde_json::{Error, Value};

use crate::{
    json::{read_from_value, take},
    value::Timestamp,
};

/// What a run has taken of its limits, over all its claims.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Effort {
    /// Calls to a model; those that the provider refused do not count.
    pub turns: u32,
    /// Whether one is under way: money was put aside for it, and nobody has said yet what it came to.
    pub calling: bool,
    /// Milliseconds in which workers had it, before the claim that it has now.
    pub worked_ms: u64,
    /// Since when a worker has it; null: none has.
    pub since: Option<Timestamp>,
}

read_from_value!(Effort, effort);

fn effort(mut object: Value) -> Result<Effort, Error> {
    // What was written before it was counted does not have it.
    if object.is_null() {
        return Ok(Effort::default());
    }
    Ok(Effort {
        turns: take(&mut object, "turns")?,
        calling: take(&mut object, "calling")?,
        worked_ms: take(&mut object, "worked_ms")?,
        since: take(&mut object, "since")?,
    })
}

impl Effort {
    /// Milliseconds in which workers had it, up to a moment. What it waits for a person is none of them.
    pub fn worked_by(&self, now: Timestamp) -> u64 {
        let this_time = self.since.map_or(0, |since| {
            now.as_millis().saturating_sub(since.as_millis()).max(0)
        });
        self.worked_ms.saturating_add(this_time.unsigned_abs())
    }

    /// A worker has it from now on.
    pub(crate) fn begin(&mut self, now: Timestamp) {
        self.since = Some(now);
    }

    /// No worker has it any more.
    pub(crate) fn end(&mut self, now: Timestamp) {
        self.worked_ms = self.worked_by(now);
        self.since = None;
        self.calling = false;
    }

    /// A call to a model is about to be made.
    pub(crate) fn call(&mut self) {
        self.turns = self.turns.saturating_add(1);
        self.calling = true;
    }

    /// What a call came to was said: nothing at all, where the provider has refused it.
    pub(crate) fn called(&mut self, was_answered: bool) {
        match (std::mem::take(&mut self.calling), was_answered) {
            (true, false) => self.turns = self.turns.saturating_sub(1),
            // Nothing was put aside for it.
            (false, true) => self.turns = self.turns.saturating_add(1),
            _ => {}
        }
    }

    pub(super) fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
