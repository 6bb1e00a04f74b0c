use serde::{Deserialize, Serialize};

use super::Usage;
use crate::value::{Name, Timestamp};

/// One entry of a run's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LogEntry {
    /// When it was written; the server's time where the worker does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    #[serde(flatten)]
    pub what: Logged,
}

/// What an entry tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Logged {
    /// What the model says, as it is written; the next entry goes on where it ends.
    Text { text: String },
    /// What the model thinks, where the provider tells.
    Reasoning { text: String },
    /// The model uses a tool; `arguments` is JSON text.
    ToolCall {
        id: String,
        name: String,
        arguments: String,
    },
    /// What the tool answered; `failed` where it could not be used.
    ToolResult {
        id: String,
        result: String,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        failed: bool,
    },
    /// What a call to the provider came to, in tokens and micro-dollars.
    Usage { usage: Usage, cost: u64 },
    /// A worker has begun.
    Started {
        provider: Name,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<Name>,
    },
    /// Something about the run itself, such as a call that is tried again.
    Note { text: String },
}

impl Logged {
    /// About how many bytes it has.
    pub fn size(&self) -> usize {
        match self {
            Logged::Text { text } | Logged::Reasoning { text } | Logged::Note { text } => {
                text.len()
            }
            Logged::ToolCall {
                id,
                name,
                arguments,
            } => id.len() + name.len() + arguments.len(),
            Logged::ToolResult { id, result, .. } => id.len() + result.len(),
            Logged::Usage { .. } | Logged::Started { .. } => 64,
        }
    }

    /// Takes the next entry into this one, where the two are pieces of the same text. Else gives it back.
    pub fn join(&mut self, next: Logged) -> Option<Logged> {
        match (self, next) {
            (Logged::Text { text }, Logged::Text { text: more })
            | (Logged::Reasoning { text }, Logged::Reasoning { text: more }) => {
                text.push_str(&more);
                None
            }
            (_, next) => Some(next),
        }
    }
}
