use std::time::{Duration, Instant};

/// Between two heartbeats, each with a ping; timers are looked at once a second, and a client may count to 20.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// For the answer to a ping, and for the rest of a message that has begun.
const PATIENCE: Duration = Duration::from_secs(20);
/// For a socket that takes nothing at all: a machine that sleeps for a moment is not dead yet.
const STUCK: Duration = Duration::from_secs(60);
/// For a client to say who it is.
const SIGN_IN: Duration = Duration::from_secs(10);
/// For the client's half of a close.
const FAREWELL: Duration = Duration::from_secs(2);
/// After so long a socket that takes nothing is slow, not just full for a moment.
const SLOW: Duration = Duration::from_secs(1);

/// What a connection waits for.
#[derive(Debug)]
pub struct Clock {
    next_heartbeat: Instant,
    /// When the ping went out that has not been answered.
    pinged: Option<Instant>,
    /// Since when a message is incomplete.
    partial_since: Option<Instant>,
    /// Since when the socket has taken nothing.
    stuck_since: Option<Instant>,
    sign_in_until: Option<Instant>,
    /// Set when the close frame is on its way: then nothing but it matters.
    closing_until: Option<Instant>,
    /// Whether something may be due sooner than was said.
    sooner: bool,
}

/// What is due.
#[derive(Debug, PartialEq, Eq)]
pub enum Due {
    Nothing,
    /// A heartbeat; with a ping, unless one is out or would not get through.
    Heartbeat {
        ping: bool,
    },
    /// The client should have said who it is.
    SignIn,
    /// There was no sign of life.
    Dead,
    /// The client has not closed its half.
    Farewell,
}

impl Clock {
    /// A connection begins.
    pub fn new(now: Instant) -> Self {
        Self {
            next_heartbeat: now + HEARTBEAT,
            pinged: None,
            partial_since: None,
            stuck_since: None,
            sign_in_until: None,
            closing_until: None,
            sooner: true,
        }
    }

    /// The client has to say who it is.
    pub fn await_sign_in(&mut self, now: Instant) {
        self.sign_in_until = Some(now + SIGN_IN);
        self.sooner = true;
    }

    /// The client has said who it is.
    pub fn signed_in(&mut self) {
        self.sign_in_until = None;
    }

    /// A whole message has come: the client lives.
    pub fn heard(&mut self) {
        self.partial_since = None;
        self.pinged = None;
    }

    /// Everything that has come was acted on, or part of a message is left.
    pub fn listened(&mut self, partial: bool, now: Instant) {
        let since = self.partial_since.take().unwrap_or(now);
        self.partial_since = partial.then_some(since);
    }

    /// The socket has taken all, or only something, or nothing.
    pub fn written(&mut self, all: bool, something: bool) {
        if all {
            self.stuck_since = None;
        } else if something || self.stuck_since.is_none() {
            self.stuck_since = Some(Instant::now());
            self.sooner = true;
        }
    }

    /// Whether the socket has taken nothing for a while.
    pub fn is_slow(&self, now: Instant) -> bool {
        self.stuck_since.is_some_and(|since| now >= since + SLOW)
    }

    /// A close frame is on its way.
    pub fn close(&mut self, now: Instant) {
        self.closing_until = Some(now + FAREWELL);
        self.sooner = true;
    }

    /// Whether a close frame is on its way.
    pub fn is_closing(&self) -> bool {
        self.closing_until.is_some()
    }

    /// What is due now.
    pub fn due(&mut self, now: Instant) -> Due {
        let late =
            |since: Option<Instant>, patience| since.is_some_and(|since| now >= since + patience);
        if let Some(until) = self.closing_until {
            return if now >= until {
                Due::Farewell
            } else {
                Due::Nothing
            };
        }
        if self.sign_in_until.is_some_and(|until| now >= until) {
            Due::SignIn
        } else if late(self.pinged, PATIENCE)
            || late(self.partial_since, PATIENCE)
            || late(self.stuck_since, STUCK)
        {
            Due::Dead
        } else if now >= self.next_heartbeat {
            self.next_heartbeat = now + HEARTBEAT;
            // Behind what the client has not read yet it would not be answered in time.
            let ping = self.pinged.is_none() && self.stuck_since.is_none();
            if ping {
                self.pinged = Some(now);
            }
            Due::Heartbeat { ping }
        } else {
            Due::Nothing
        }
    }

    /// Whether something may be due sooner than was said the last time.
    pub fn is_sooner(&mut self) -> bool {
        std::mem::take(&mut self.sooner)
    }

    /// When there may be something due again.
    pub fn next(&self) -> Option<Instant> {
        let patience = |since: Option<Instant>| since.map(|since| since + PATIENCE);
        let times = [
            Some(self.next_heartbeat),
            patience(self.pinged),
            patience(self.partial_since),
            self.stuck_since.map(|since| since + SLOW),
            self.stuck_since.map(|since| since + STUCK),
            self.sign_in_until,
            self.closing_until,
        ];
        times.into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unanswered_ping_ends_the_connection() {
        let start = Instant::now();
        let mut clock = Clock::new(start);
        let after = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(clock.due(after(14)), Due::Nothing);
        assert_eq!(clock.due(after(15)), Due::Heartbeat { ping: true });
        clock.heard();
        assert_eq!(clock.due(after(30)), Due::Heartbeat { ping: true });
        assert_eq!(clock.due(after(45)), Due::Heartbeat { ping: false });
        assert_eq!(clock.due(after(50)), Due::Dead);
    }

    #[test]
    fn a_message_that_does_not_end_is_no_sign_of_life() {
        let start = Instant::now();
        let mut clock = Clock::new(start);
        clock.listened(true, start);
        clock.listened(true, start + Duration::from_secs(10));
        assert_eq!(clock.next(), Some(start + HEARTBEAT));
        clock.due(start + HEARTBEAT);
        assert_eq!(clock.due(start + PATIENCE), Due::Dead);
    }
}
