use std::time::{SystemTime, UNIX_EPOCH};

use shared_types::{decide::Context, value::Timestamp};

use super::{Request, aggregate::Aggregate};

/// Where the engine has time and chance from; what decides gets them as values.
#[derive(Debug)]
pub(super) struct Clock {
    last: Timestamp,
    /// The time of the last context, and how many there were at that time, on top of where it began.
    counted: (Timestamp, u16),
}

impl Clock {
    /// A clock that never says less than `last`.
    pub fn after(last: Timestamp) -> Self {
        Self {
            last,
            counted: (last, 0),
        }
    }

    /// Now; where the system's clock was set back, the time of the last event.
    pub fn now(&mut self) -> Timestamp {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis());
        self.last = self.last.max(Timestamp::from_millis(
            i64::try_from(now).unwrap_or(i64::MAX),
        ));
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
    pub fn context<A: Aggregate>(&mut self, request: &Request<A>) -> Context {
        let at = self.now();
        Context {
            at,
            entropy: self.entropy(at),
            actor: request.actor.clone(),
            member: request.member,
            cause: request.cause.clone(),
            sight: request.sight,
            from: request.from,
        }
    }
    /// Random, but rising within a millisecond: so the ids that are made of it sort in the order of the commands.
    fn entropy(&mut self, at: Timestamp) -> u128 {
        let random = uuid::Uuid::new_v4().as_u128();
        let (last_at, count) = self.counted;
        // The twelve bits between the time and the variant of a UUIDv7; half of them are left to count in.
        let begin = || u16::try_from(random >> 64 & 0x7ff).unwrap_or(0);
        self.counted = (
            at,
            if at == last_at {
                (count + 1).min(0xfff)
            } else {
                begin()
            },
        );
        u128::from(self.counted.1) << 64 | random & ((1 << 62) - 1)
    }
}
