use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a client sends on the WebSocket. `id` is the client's own, any JSON string or number, and comes back on the one
/// reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    /// The first message where neither cookie nor header said who this is.
    Authenticate { token: String },
    /// Follow a topic, named by id, slug or key; `after` is the cursor to resume at.
    Subscribe {
        id: Value,
        topic: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
        /// Of a run: tell its log too, after this offset (0: from the beginning).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        log_after: Option<u64>,
    },
    /// Follow it no longer.
    Unsubscribe { id: Value, topic: String },
    /// Where in the app this client is; no reply.
    Look { path: String },
    /// Answered by `pong`.
    Ping { id: Value },
}
