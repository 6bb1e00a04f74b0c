/// Milliseconds that the first wait is below.
const FIRST_MS: f64 = 250.0;
/// Milliseconds that every wait is below.
const LONGEST_MS: f64 = 15_000.0;

/// How long to wait before the next attempt: exponential from 250 ms to 15 s with full jitter, without an end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Milliseconds to wait now. `random` is uniform in 0..1, so that many clients do not come back at once.
    pub fn next_ms(&mut self, random: f64) -> u64 {
        // 2^6 × 250 ms is beyond the longest wait; the limit keeps the power finite for ever.
        let ceiling = (FIRST_MS * f64::from(1u32 << self.failures.min(6))).min(LONGEST_MS);
        self.failures = self.failures.saturating_add(1);
        (ceiling * random.clamp(0.0, 1.0)) as u64
    }

    /// At least as long a wait as after so many failures: the server has said that it was too much.
    pub fn at_least(&mut self, failures: u32) {
        self.failures = self.failures.max(failures);
    }

    /// It works again: the next wait is short.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}
