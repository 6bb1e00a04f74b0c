//! How much anybody may ask for. Whoever sits at the demo's own machine may ask for anything.

use std::{
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex},
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use shared_types::{ErrorCode, directory::Holder};

use super::{Auth, Credential, Principal, lock};
use crate::api::ApiError;

/// Clients that are remembered before those are forgotten who have not written for a while.
const REMEMBERED: usize = 10_000;

/// How much that is, as the operator says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitSettings {
    /// Writes of one principal, or of one address that is nobody yet; twice as many at once.
    pub writes_per_second: NonZeroU32,
    /// WebSockets, event streams and polls that wait, from one address.
    pub connections_per_address: u32,
    /// The same of one principal.
    pub connections_per_principal: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            writes_per_second: NonZeroU32::new(1_000).unwrap_or(NonZeroU32::MIN),
            connections_per_address: 5_000,
            connections_per_principal: 5_000,
        }
    }
}

/// Whose share it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    Address(IpAddr),
    /// An account by its password, a token by itself.
    Principal(Holder),
}

/// What everybody has asked for so far.
pub struct Limits {
    settings: LimitSettings,
    writes: DefaultKeyedRateLimiter<Who>,
    clock: DefaultClock,
    connections: Arc<Connections>,
}

type Connections = Mutex<HashMap<Who, u32>>;

/// A share of the connections, for as long as it is held.
pub struct Held {
    connections: Arc<Connections>,
    whose: Vec<Who>,
}

impl Limits {
    /// Nobody has asked for anything.
    pub fn new(settings: LimitSettings) -> Self {
        let rate = settings.writes_per_second;
        let burst = rate.saturating_mul(NonZeroU32::new(2).unwrap_or(NonZeroU32::MIN));
        Self {
            settings,
            writes: RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)),
            clock: DefaultClock::default(),
            connections: Arc::default(),
        }
    }

    fn check_write(&self, who: Who) -> Result<(), ApiError> {
        if self.writes.len() > REMEMBERED {
            self.writes.retain_recent();
        }
        let Err(not_until) = self.writes.check_key(&who) else {
            return Ok(());
        };
        let detail = format!(
            "More than {} writes a second: wait a little.",
            self.settings.writes_per_second
        );
        let wait = not_until.wait_time_from(self.clock.now());
        Err(ApiError::new(ErrorCode::TooManyRequests, detail).retry_after(wait))
    }

    fn hold(&self, whose: Vec<Who>) -> Result<Held, ApiError> {
        let mut connections = lock(&self.connections);
        for who in &whose {
            let most = match who {
                Who::Address(_) => self.settings.connections_per_address,
                Who::Principal(_) => self.settings.connections_per_principal,
            };
            if connections.get(who).copied().unwrap_or(0) >= most {
                let detail = format!("There are {most} connections of yours: close one first.");
                return Err(ApiError::new(ErrorCode::TooManyRequests, detail));
            }
        }
        for who in &whose {
            *connections.entry(*who).or_default() += 1;
        }
        drop(connections);
        Ok(Held {
            connections: Arc::clone(&self.connections),
            whose,
        })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut connections = lock(&self.connections);
        for who in &self.whose {
            if let Some(count) = connections.get_mut(who) {
                *count -= 1;
                if *count == 0 {
                    connections.remove(who);
                }
            }
        }
    }
}

impl Auth {
    /// Refuses a write where there were too many.
    pub fn check_write(
        &self,
        principal: Option<&Principal>,
        from: Option<IpAddr>,
    ) -> Result<(), ApiError> {
        match principal {
            Some(principal) => match whose(principal) {
                Some(who) => self.limits.check_write(who),
                None => Ok(()),
            },
            None => from.map_or(Ok(()), |from| self.limits.check_write(Who::Address(from))),
        }
    }

    /// A connection's share, or that there are too many. It is given back when it is dropped.
    pub fn hold(
        &self,
        principal: Option<&Principal>,
        from: Option<IpAddr>,
    ) -> Result<Held, ApiError> {
        let is_local = principal.is_some_and(|principal| principal.credential == Credential::Local);
        let address = from.filter(|_| !is_local).map(Who::Address);
        let own = principal.and_then(whose);
        self.limits.hold(address.into_iter().chain(own).collect())
    }
}

fn whose(principal: &Principal) -> Option<Who> {
    match &principal.credential {
        Credential::Local => None,
        Credential::Session(session) => Some(Who::Principal(Holder::Password(session.account))),
        Credential::Token(token) => Some(Who::Principal(Holder::Token(token.id))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(writes: u32, connections: u32) -> Limits {
        Limits::new(LimitSettings {
            writes_per_second: NonZeroU32::new(writes).expect("some"),
            connections_per_address: connections,
            connections_per_principal: connections,
        })
    }

    #[test]
    fn who_writes_too_much_is_told_when_to_come_back_and_others_are_not_touched() {
        let limits = limits(10, 1);
        let [one, other] = [7, 8].map(|n| Who::Address([192, 0, 2, n].into()));
        let taken = (0..100).filter(|_| limits.check_write(one).is_ok()).count();
        assert!((20..40).contains(&taken), "{taken}");
        let refusal = limits.check_write(one).expect_err("too many");
        assert_eq!(refusal.code(), ErrorCode::TooManyRequests);
        assert!(limits.check_write(other).is_ok());
    }

    #[test]
    fn a_connection_gives_back_its_share() {
        let limits = limits(1, 2);
        let who = Who::Address([192, 0, 2, 7].into());
        let first = limits.hold(vec![who]).expect("one");
        let _second = limits.hold(vec![who]).expect("another");
        assert!(limits.hold(vec![who]).is_err());
        drop(first);
        assert!(limits.hold(vec![who]).is_ok());
    }

    #[test]
    fn the_defaults_let_one_principal_write_a_thousand_a_second_and_one_address_hold_five_thousand()
    {
        let limits = Limits::new(LimitSettings::default());
        let who = Who::Address([192, 0, 2, 7].into());
        assert!((0..1_000).all(|_| limits.check_write(who).is_ok()));
        let held: Vec<Held> = (0..5_000)
            .map(|_| limits.hold(vec![who]).expect("a share"))
            .collect();
        assert!(limits.hold(vec![who]).is_err());
        drop(held);
    }
}
