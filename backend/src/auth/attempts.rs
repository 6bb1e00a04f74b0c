//! Failed tries to sign in. They are worth no event: they are kept in memory.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::Mutex,
    time::{Duration, Instant},
};

use shared_types::value::Email;

use super::lock;

/// Tries that cost no time: people mistype.
const FREE: u32 = 5;
/// After the first that is not free; twice as long after each one more.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// Failures from one address, whatever accounts they were for, that cost no time: offices share one.
const FREE_FROM_ADDRESS: u32 = 50;
/// After so long without a failure all is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(30 * 60);
/// Entries in each table, at most; the oldest go first.
const REMEMBERED: usize = 100_000;

/// How often signing in has failed lately: for an account from an address, and from an address altogether.
///
/// Nothing is counted for an account alone: whoever fails on purpose slows down their own address and nobody else's.
#[derive(Debug, Default)]
pub struct Attempts {
    pairs: Mutex<HashMap<(Email, IpAddr), Failures>>,
    addresses: Mutex<HashMap<IpAddr, Failures>>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
}

impl Failures {
    fn wait(&self, free: u32, now: Instant) -> Option<Duration> {
        let beyond = self.count.checked_sub(free)?;
        let wait = FIRST_WAIT
            .saturating_mul(1 << beyond.min(20))
            .min(LONGEST_WAIT);
        (self.last + wait).checked_duration_since(now)
    }
}

impl Attempts {
    /// How long this one has to wait before trying again; none: not at all. The try is counted as failed until
    /// [`Self::succeeded`] says otherwise, so that many at once are no way around.
    pub fn begin(&self, email: &Email, from: IpAddr, now: Instant) -> Option<Duration> {
        let from = network(from);
        let pair = (email.clone(), from);
        let (mut pairs, mut addresses) = (lock(&self.pairs), lock(&self.addresses));
        let waits = [
            pairs.get(&pair).and_then(|known| known.wait(FREE, now)),
            addresses
                .get(&from)
                .and_then(|known| known.wait(FREE_FROM_ADDRESS, now)),
        ];
        let wait = waits.into_iter().flatten().max();
        if wait.is_none_or(|wait| wait.is_zero()) {
            count(&mut pairs, pair, now);
            count(&mut addresses, from, now);
            return None;
        }
        wait
    }

    /// It was the right password after all.
    pub fn succeeded(&self, email: &Email, from: IpAddr) {
        let from = network(from);
        lock(&self.pairs).remove(&(email.clone(), from));
        // One right password does not make up for wrong ones tried on others.
        if let Some(known) = lock(&self.addresses).get_mut(&from) {
            known.count = known.count.saturating_sub(1);
        }
    }
}

/// A household has a whole network of IPv6 addresses.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let prefix = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(prefix))
        }
    }
}

fn count<K: Hash + Eq + Clone>(table: &mut HashMap<K, Failures>, key: K, now: Instant) {
    if table.len() >= REMEMBERED {
        table.retain(|_, known| now.duration_since(known.last) < FORGOTTEN);
    }
    if table.len() >= REMEMBERED {
        let mut times: Vec<Instant> = table.values().map(|known| known.last).collect();
        times.sort_unstable();
        let middle = times[times.len() / 2];
        table.retain(|_, known| known.last > middle);
    }
    let known = table.entry(key).or_insert(Failures {
        count: 0,
        last: now,
    });
    if now.duration_since(known.last) >= FORGOTTEN {
        known.count = 0;
    }
    known.count = known.count.saturating_add(1);
    known.last = now;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_fails_waits_longer_and_longer_and_nobody_else_does() {
        let attempts = Attempts::default();
        let (ada, grace): (Email, Email) = (
            "ada@example.org".parse().expect("an address"),
            "grace@example.org".parse().expect("an address"),
        );
        let (thief, home) = (IpAddr::from([192, 0, 2, 7]), IpAddr::from([192, 0, 2, 8]));
        let now = Instant::now();
        for _ in 0..FREE {
            assert_eq!(attempts.begin(&ada, thief, now), None);
        }
        assert_eq!(attempts.begin(&ada, thief, now), Some(FIRST_WAIT));
        // Trying while one has to wait does not make it longer, and nobody is locked out by it.
        assert_eq!(attempts.begin(&ada, thief, now), Some(FIRST_WAIT));
        assert_eq!(attempts.begin(&ada, home, now), None);
        assert_eq!(attempts.begin(&grace, thief, now), None);
        let later = now + FIRST_WAIT * 2;
        assert_eq!(attempts.begin(&ada, thief, later), None);
        assert_eq!(attempts.begin(&ada, thief, later), Some(FIRST_WAIT * 2));
        attempts.succeeded(&ada, thief);
        assert_eq!(attempts.begin(&ada, thief, later), None);
    }

    #[test]
    fn one_address_that_tries_many_accounts_waits_too() {
        let attempts = Attempts::default();
        let thief = IpAddr::from([192, 0, 2, 7]);
        let now = Instant::now();
        let blocked = (0..10_000)
            .map(|n| format!("user{n}@example.org").parse().expect("an address"))
            .filter(|email| attempts.begin(email, thief, now).is_some())
            .count();
        assert_eq!(blocked, 10_000 - FREE_FROM_ADDRESS as usize);
    }
}
