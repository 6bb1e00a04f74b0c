//! How the live line is doing, for the pill in the top bar. It says what is so, not what one would like.

use serde::{Serialize, Serializer};
use serde_json::Value;
use shared_types::{sync::Transport, wire::Cursor};

use crate::json::take;

/// Whether what the page shows is what the server has. Times are milliseconds since 1970 by this machine's clock.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Phase {
    /// Never connected yet.
    #[default]
    Connecting,
    /// Nothing that the server has told anyone is missing here.
    Live,
    /// The line is down and tries again at `retry_at`; what is shown was true at `since`.
    Reconnecting { since: f64, retry_at: f64 },
    /// The line is open but the server has been silent for too long; what is shown was true at `since`.
    Stale { since: f64 },
    /// The browser has no network; what is shown was true at `since`.
    Offline { since: f64 },
}

/// All there is to know about the line.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Live {
    #[serde(serialize_with = "by_word")]
    pub phase: Phase,
    /// What is in use, or being tried.
    #[serde(serialize_with = "by_name")]
    pub transport: Option<Transport>,
    /// How old at most what is shown is while live, in milliseconds, as far as it can be measured.
    pub lag: Option<f64>,
    /// Up to where everything is known.
    pub cursor: Option<Cursor>,
    /// Messages taken in since the page was opened.
    pub messages: u64,
    /// How often something was missing and was fetched.
    pub gaps_repaired: u64,
    /// How often the line had to be opened again.
    pub reconnects: u64,
    pub last_error: Option<String>,
    /// Whether another tab of this browser holds the connection for this one.
    pub shared: bool,
}

impl Live {
    /// What another tab says of it.
    pub fn from_json(mut live: Value) -> Option<Self> {
        let live = &mut live;
        let transport: Option<String> = take(live, "transport")?;
        Some(Self {
            phase: phase(take(live, "phase")?),
            transport: transport.as_deref().and_then(transport_named),
            lag: take(live, "lag")?,
            cursor: take(live, "cursor")?,
            messages: take(live, "messages")?,
            gaps_repaired: take(live, "gaps_repaired")?,
            reconnects: take(live, "reconnects")?,
            last_error: take(live, "last_error")?,
            shared: take(live, "shared")?,
        })
    }

    /// Whether what is shown may be believed.
    pub fn is_live(&self) -> bool {
        self.phase == Phase::Live
    }
}

/// What people call a transport.
pub fn transport_name(transport: Transport) -> &'static str {
    match transport {
        Transport::WebSocket => "WebSocket",
        Transport::Sse => "SSE",
        Transport::Polling => "polling",
    }
}

/// A transport by what people call it.
pub fn transport_named(name: &str) -> Option<Transport> {
    Transport::ALL
        .into_iter()
        .find(|transport| transport_name(*transport) == name)
}

/// A transport in messages between tabs.
fn by_name<S: Serializer>(transport: &Option<Transport>, serializer: S) -> Result<S::Ok, S::Error> {
    transport.map(transport_name).serialize(serializer)
}

/// A phase in messages between tabs.
fn by_word<S: Serializer>(phase: &Phase, serializer: S) -> Result<S::Ok, S::Error> {
    let (word, since, retry_at) = match *phase {
        Phase::Connecting => ("connecting", 0.0, 0.0),
        Phase::Live => ("live", 0.0, 0.0),
        Phase::Reconnecting { since, retry_at } => ("reconnecting", since, retry_at),
        Phase::Stale { since } => ("stale", since, 0.0),
        Phase::Offline { since } => ("offline", since, 0.0),
    };
    (word, since, retry_at).serialize(serializer)
}

fn phase((word, since, retry_at): (String, f64, f64)) -> Phase {
    match word.as_str() {
        "live" => Phase::Live,
        "reconnecting" => Phase::Reconnecting { since, retry_at },
        "stale" => Phase::Stale { since },
        "offline" => Phase::Offline { since },
        _ => Phase::Connecting,
    }
}
