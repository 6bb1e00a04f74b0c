use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use shared_types::{error::ErrorCode, state::Sight};

use super::message::Message;
use crate::auth::{Auth, Principal, now};

/// Who a connection is, looked at again whenever somebody may see or do less than before.
pub struct Access {
    auth: Arc<Auth>,
    principal: Principal,
    /// The round of changes that it has looked at.
    seen: u64,
    /// When it has to be looked at in any case.
    due: Option<Instant>,
}

/// What has become of the principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    None,
    /// It may do or see something else.
    Other,
    /// It is nobody any more.
    Gone,
}

impl Access {
    /// This one, as it is now.
    pub fn new(auth: Arc<Auth>, principal: Principal) -> Self {
        let mut access = Self {
            // Before any change that the principal may not know of: it is looked at once more.
            seen: 0,
            due: None,
            auth,
            principal,
        };
        access.plan();
        access
    }

    /// Who it is.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// What it sees.
    pub fn sight(&self) -> Sight {
        self.principal.sight
    }

    /// When it is to be looked at in any case.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Looks whether it is still who it was.
    pub fn look(&mut self) -> Change {
        let round = self.principal.state.hub.access();
        let is_due = self.due.is_some_and(|due| Instant::now() >= due);
        if round == self.seen && !is_due {
            return Change::None;
        }
        self.seen = round;
        let Some(now) = self.auth.again(&self.principal) else {
            return Change::Gone;
        };
        let is_same = now.wire == self.principal.wire && now.sight == self.principal.sight;
        self.principal = now;
        self.plan();
        if is_same { Change::None } else { Change::Other }
    }

    fn plan(&mut self) {
        self.due = self.principal.expires_at.map(|until| {
            let left = until.as_millis().saturating_sub(now().as_millis());
            // A clock that is set back does no harm: it is looked again.
            Instant::now() + Duration::from_millis(u64::try_from(left).unwrap_or(0).min(3_600_000))
        });
    }
}

/// What is told to one who is nobody any more.
pub fn not_any_more() -> Message {
    let why = "This session or token has ended: sign in again.";
    Message::error(None, ErrorCode::NotAuthenticated, why)
}
