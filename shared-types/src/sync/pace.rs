/// Messages that may go out at once.
const BURST: f64 = 40.0;
/// Messages a second after that. The server takes 50.
const PER_SECOND: f64 = 40.0;

/// Keeps what is sent below the server's limit of messages a second: a token bucket on the driver's clock.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    /// Messages sent that have not been made up for yet.
    level: f64,
    at_ms: f64,
}

impl Pace {
    /// Counts one message in and says how many milliseconds to wait before it is sent. `now_ms` is any clock that goes
    /// forward.
    pub fn delay_ms(&mut self, now_ms: f64) -> u64 {
        let elapsed = (now_ms - self.at_ms).max(0.0);
        self.at_ms = now_ms;
        self.level = (self.level - elapsed * PER_SECOND / 1000.0).max(0.0) + 1.0;
        let over = (self.level - BURST).max(0.0);
        (over * 1000.0 / PER_SECOND).ceil() as u64
    }
}
