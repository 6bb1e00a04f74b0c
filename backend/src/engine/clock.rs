use std::time::{SystemTime, UNIX_EPOCH};

use shared_types::{decide::Context, value::Timestamp};

use super::Request;

/// Where the engine has time and chance from; what decides gets them as values.
#[derive(Debug)]
pub(super) struct Clock {
    last: Timestamp,
}

impl Clock {
    /// A clock that never says less than `last`.
    pub fn after(last: Timestamp) -> Self {
        Self { last }
    }

    /// Now; where the system's clock was set back, the time of the last event.
    pub fn now(&mut self) -> Timestamp {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        self.last = self.last.max(Timestamp::from_millis(i64::try_from(now).unwrap_or(i64::MAX)));
        self.last
    }

    /// No event is later than this.
    pub fn last(&self) -> Timestamp {
        self.last
    }

    /// An event of this time was seen.
    pub fn seen(&mut self, at: Timestamp) {
        self.last = self.last.max(at);
    }

    /// What a request is decided by, besides the model.
    pub fn context(&mut self, request: &Request) -> Context {
        Context {
            at: self.now(),
            entropy: uuid::Uuid::new_v4().as_u128(),
            actor: request.actor.clone(),
            member: request.member,
            cause: request.cause.clone(),
        }
    }
}
