use super::Transport;
use crate::wire::Cursor;

/// What the live pill shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Health {
    /// The transport that is open, if one is.
    pub transport: Option<Transport>,
    /// Whether every followed topic stands where the server said it does.
    pub settled: bool,
    /// The newest position seen.
    pub cursor: Option<Cursor>,
    /// Topics followed.
    pub topics: usize,
    /// Times a connection was opened.
    pub connections: u64,
    /// Messages received.
    pub messages: u64,
    /// Events among them that were new.
    pub events: u64,
    /// Gaps found, each of which was asked for again.
    pub gaps: u64,
    /// Times a position could not be resumed and a snapshot took its place.
    pub resyncs: u64,
    /// The last thing that went wrong.
    pub last_error: Option<String>,
}
