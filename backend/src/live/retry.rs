use shared_types::wire::ServerMessage;
use uuid::Uuid;

/// Milliseconds within which everyone comes back after a shutdown, so that not all do at once.
const SPREAD_MS: u64 = 3_000;
/// Milliseconds that a restart takes at least.
const RESTART_MS: u64 = 250;

/// The last message on a connection of a server that shuts down.
pub fn closing() -> ServerMessage {
    let random = Uuid::new_v4().as_u64_pair().0;
    let retry_after_ms = RESTART_MS + random % SPREAD_MS;
    ServerMessage::Closing {
        reason: "shutdown".into(),
        retry_after_ms,
    }
}
