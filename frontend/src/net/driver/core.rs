//! What the driver knows.

use gloo::timers::callback::Timeout;
use shared_types::sync::{Pace, Preference, SyncClient, TransportChoice};

use crate::{
    net::{poll::Poll, socket::Socket, sse::Sse},
    store::Live,
};

/// A connection, or an attempt at one.
pub(super) enum Connection {
    WebSocket(Socket),
    Sse { _stream: Sse },
    Polling { _request: Option<Poll> },
}

/// What the driver knows.
pub(super) struct Core {
    pub(super) client: SyncClient,
    pub(super) choice: TransportChoice,
    pub(super) connection: Option<Connection>,
    /// Tells the signals of this connection from those of one that was given up.
    pub(super) generation: u64,
    /// A better transport, tried beside the one in use.
    pub(super) probe: Option<Socket>,
    pub(super) pace: Pace,
    /// The next attempt, poll, or repeated request.
    pub(super) timer: Option<Timeout>,
    /// When that is due.
    pub(super) retry_at: Option<f64>,
    /// Gives up what shows no sign of life.
    pub(super) proof: Option<Timeout>,
    pub(super) is_proven: bool,
    /// Whether a WebSocket has worked on this page.
    pub(super) socket_worked: bool,
    pub(super) heard_at: f64,
    /// When everything shown was last known to be so.
    pub(super) true_at: f64,
    pub(super) ping: Option<(u64, f64)>,
    pub(super) pinged_at: f64,
    pub(super) lag: Option<f64>,
    /// As what the last poll was answered.
    pub(super) role: Option<String>,
    /// Whether the server has refused this client for good.
    pub(super) is_final: bool,
    pub(super) live: Live,
}

impl Core {
    pub(super) fn new(preference: Preference) -> Self {
        Self {
            client: SyncClient::new(),
            choice: TransportChoice::new(preference),
            connection: None,
            generation: 0,
            probe: None,
            pace: Pace::default(),
            timer: None,
            retry_at: None,
            proof: None,
            is_proven: false,
            socket_worked: false,
            heard_at: 0.0,
            true_at: 0.0,
            ping: None,
            pinged_at: 0.0,
            lag: None,
            role: None,
            is_final: false,
            live: Live::default(),
        }
    }

    pub(super) fn drop_connection(&mut self) {
        self.generation += 1;
        self.connection = None;
        self.probe = None;
        self.timer = None;
        self.retry_at = None;
        self.proof = None;
        self.is_proven = false;
        self.ping = None;
        self.lag = None;
    }
}
