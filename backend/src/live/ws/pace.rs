use std::time::{Duration, Instant};

/// Messages a second that a client may send.
const PER_SECOND: u32 = 50;
/// Messages it may send at once after a pause: a page's worth of subscriptions, all that a connection may have.
const AT_ONCE: u32 = 120;

/// Counts a client's messages.
#[derive(Debug)]
pub struct Pace {
    /// When all that was sent would be paid for.
    paid_at: Instant,
}

impl Pace {
    /// Nothing was sent yet.
    pub fn new(now: Instant) -> Self {
        Self { paid_at: now }
    }

    /// One more message. False if that is too many.
    pub fn allows(&mut self, now: Instant) -> bool {
        let price = Duration::from_secs(1) / PER_SECOND;
        self.paid_at = self.paid_at.max(now) + price;
        self.paid_at - now <= price * AT_ONCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_fifty_a_second() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        assert!((0..AT_ONCE).all(|_| pace.allows(start)));
        assert!(!pace.allows(start));
        let mut steady = Pace::new(start);
        assert!((0..1_000).all(|n| steady.allows(start + Duration::from_millis(20) * n)));
    }
}
