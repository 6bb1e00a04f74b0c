//! What operators see of the live half.

use std::cell::Cell;

use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

const DELIVERIES: &str = "devteam_deliveries_total";
const CONNECTIONS: &str = "devteam_connections";
const RESYNCS: &str = "devteam_resyncs_total";
const NARROWED: &str = "devteam_events_narrowed_total";
const LINE: &str = "devteam_topic_log_bytes";

/// Says what they mean.
pub fn describe() {
    describe_counter!(DELIVERIES, "Events handed to connections");
    describe_gauge!(CONNECTIONS, "Open connections, by transport");
    describe_counter!(RESYNCS, "Subscriptions that could not go on, by reason");
    describe_counter!(
        NARROWED,
        "Events written anew for those who see only a part, once for each sight"
    );
    describe_gauge!(
        LINE,
        Unit::Bytes,
        "What the topic logs of all organizations hold"
    );
}

/// An event was written anew for those who see only a part.
pub fn narrowed() {
    counter!(NARROWED).increment(1);
}

/// How a reader is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    WebSocket,
    Sse,
    Polling,
}

impl Transport {
    fn name(self) -> &'static str {
        match self {
            Transport::WebSocket => "websocket",
            Transport::Sse => "sse",
            Transport::Polling => "polling",
        }
    }
}

/// Counts of one worker, told once a second: a counter that all threads write to would cost more than a delivery.
#[derive(Debug, Default)]
pub struct Tally {
    deliveries: Cell<u64>,
}

impl Tally {
    /// So many events went to a connection.
    pub fn delivered(&self, events: usize) {
        self.deliveries.set(self.deliveries.get() + events as u64);
    }

    /// Tells what was counted since the last time.
    pub fn publish(&self) {
        match self.deliveries.take() {
            0 => {}
            deliveries => counter!(DELIVERIES).increment(deliveries),
        }
    }
}

/// An open connection, counted while it lives.
#[derive(Debug)]
pub struct Counted(Transport);

impl Counted {
    /// One more.
    pub fn new(transport: Transport) -> Self {
        gauge!(CONNECTIONS, "transport" => transport.name()).increment(1.0);
        Self(transport)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        gauge!(CONNECTIONS, "transport" => self.0.name()).decrement(1.0);
    }
}

/// A subscription could not go on and was told so.
pub fn resynced(reason: &'static str) {
    counter!(RESYNCS, "reason" => reason).increment(1);
}

/// The topic logs of the node hold so many bytes more.
pub fn more_in_lines(bytes: usize) {
    gauge!(LINE).increment(bytes as f64);
}

/// So many less.
pub fn less_in_lines(bytes: usize) {
    gauge!(LINE).decrement(bytes as f64);
}
