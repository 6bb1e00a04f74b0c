use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use tokio::sync::watch;

use crate::journal::Heard;

/// For so long a model that was compared with the journal counts as new, as long as what others write is heard. Comparing
/// happens every two seconds, and may take some.
const GRACE: Duration = Duration::from_secs(5);

/// How well it is known that the model is all there is.
#[derive(Debug)]
pub(super) struct Freshness {
    /// What is heard of others who write to the journal. Where there are none, there is nothing to be late with.
    others: Option<watch::Receiver<Heard>>,
    begun: Instant,
    /// Milliseconds after `begun` at which the model was last known to be all there is.
    known_at: AtomicU64,
}

impl Freshness {
    /// Known now.
    pub fn new(others: Option<watch::Receiver<Heard>>) -> Self {
        Self {
            others,
            begun: Instant::now(),
            known_at: AtomicU64::new(0),
        }
    }

    /// Whether anybody else writes to the journal.
    pub fn is_shared(&self) -> bool {
        self.others.is_some()
    }

    /// At this time the model was all there was.
    pub fn renew(&self, at: Instant) {
        let since = at.saturating_duration_since(self.begun).as_millis();
        self.known_at
            .fetch_max(u64::try_from(since).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Whether what others write is heard at once.
    pub fn hears(&self) -> bool {
        self.others
            .as_ref()
            .is_none_or(|others| others.borrow().hears)
    }

    /// How long ago, in seconds, the model was last known to be all there is; 0 as long as that is no news.
    pub fn stale_seconds(&self) -> u64 {
        let known_at = Duration::from_millis(self.known_at.load(Ordering::Relaxed));
        let since = self.begun.elapsed().saturating_sub(known_at);
        match self.is_shared() && (!self.hears() || since > GRACE) {
            true => since.as_secs().max(1),
            false => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_shares_nothing_is_never_late() {
        let freshness = Freshness::new(None);
        assert!(freshness.hears());
        assert_eq!(freshness.stale_seconds(), 0);
    }

    #[test]
    fn who_hears_nothing_says_so_at_once_and_who_has_not_compared_after_a_while() {
        let hears = |hears| Heard {
            hears,
            ..Heard::default()
        };
        let (heard, others) = watch::channel(hears(true));
        let mut freshness = Freshness::new(Some(others));
        freshness.begun = Instant::now()
            .checked_sub(Duration::from_secs(60))
            .expect("the machine has been up for a minute");
        assert_eq!(freshness.stale_seconds(), 60);
        freshness.renew(Instant::now());
        assert_eq!(freshness.stale_seconds(), 0);
        heard.send_replace(hears(false));
        assert_eq!(freshness.stale_seconds(), 1);
    }
}
