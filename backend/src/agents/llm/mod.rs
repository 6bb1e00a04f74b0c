//! Language models, as the worker uses them: one trait, and who implements it.

mod genai;
mod scripted;

use std::{borrow::Cow, time::Duration};

use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};
use shared_types::{
    model::{FailureReason, RunKind, Usage},
    value::{Name, Temperature},
};
use utoipa::ToSchema;

pub use genai::{GenaiClient, Unusable};
pub use scripted::Scripted;

/// What a provider writes around each part of a prompt: whose it is, where it begins and ends.
const FRAME_BYTES: usize = 32;
/// What it tells its model of itself, such as how tools are used; a thousand tokens are twice what any says that it is.
const FRAME_TOKENS: u64 = 1_000;

/// Answers prompts. Dropping the stream ends the call.
pub trait LlmClient: Send + Sync {
    /// Begins a call.
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<Delta, LlmError>>;
}

/// All that a model is told.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// Which model; none: the provider's usual one.
    pub model: Option<Name>,
    pub temperature: Option<Temperature>,
    /// Tokens that the answer may have.
    pub most_output: u32,
    pub system: String,
    pub turns: Vec<Turn>,
    pub tools: Vec<ToolSpec>,
    /// What it is about, for who does not read.
    pub about: About,
}

impl Prompt {
    /// Tokens that it has at most: no tokenizer makes more of a text than it has bytes. (Of rare scripts and emoji some make one
    /// of every byte.)
    pub fn tokens_at_most(&self) -> u64 {
        self.bytes() + FRAME_TOKENS
    }

    /// Tokens that it has, where nobody counts them.
    pub fn tokens_about(&self) -> u64 {
        self.bytes() / 2 + 64
    }

    fn bytes(&self) -> u64 {
        let said: usize = self.turns.iter().map(Turn::bytes).sum();
        let tools = self.tools.iter().map(ToolSpec::bytes).sum::<usize>();
        let frames = FRAME_BYTES * (1 + self.turns.len() + self.tools.len());
        (self.system.len() + said + tools + frames) as u64
    }
}

/// One side's part of the conversation.
#[derive(Debug, Clone)]
pub enum Turn {
    User(String),
    Model {
        text: String,
        calls: Vec<Call>,
        kept: Option<Kept>,
    },
    /// What tools answered, by the id of the call.
    Tools(Vec<(Call, String)>),
}

impl Turn {
    fn bytes(&self) -> usize {
        match self {
            Turn::User(text) => text.len(),
            Turn::Model { text, calls, kept } => {
                let kept = kept.as_ref().map_or(0, |kept| kept.0.len());
                text.len() + calls.iter().map(Call::bytes).sum::<usize>() + kept
            }
            Turn::Tools(results) => results
                .iter()
                .map(|(call, result)| call.id.len() + result.len())
                .sum(),
        }
    }
}

/// The model uses a tool.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// As the model's answer has it.
    pub id: String,
    pub name: String,
    /// As it was written: whether it is JSON is seen when the tool is used.
    pub arguments: String,
}

impl Call {
    fn bytes(&self) -> usize {
        self.id.len() + self.name.len() + self.arguments.len()
    }
}

/// What a provider wants to have back as it was with the model's own part, such as signatures of its reasoning. Only the
/// client that made it knows what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept(String);

/// A tool as the model is told of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ToolSpec {
    pub name: Cow<'static, str>,
    pub description: Cow<'static, str>,
    /// What it takes, as JSON Schema.
    pub schema: serde_json::Value,
}

impl ToolSpec {
    fn bytes(&self) -> usize {
        self.name.len() + self.description.len() + self.schema.to_string().len()
    }
}

/// What a run is about, in a few fields.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct About {
    pub kind: RunKind,
    pub title: String,
    /// What must be true, and whether it is.
    pub acceptance: Vec<(String, bool)>,
    pub comments: u32,
    pub attempt: u32,
}

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Delta {
    Text(String),
    Reasoning(String),
    /// So many bytes have come of what is told when it is complete.
    Partly(usize),
    /// Whole, when it is complete.
    Call(Call),
    Kept(Kept),
    Usage(Usage),
}

/// Why a call comes to nothing.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LlmError {
    #[error("the provider does not take the key: {0}")]
    Unauthorized(String),
    #[error("the provider has had enough of us: {detail}")]
    RateLimited {
        detail: String,
        /// Seconds after which it says to try again.
        retry_after: Option<u64>,
    },
    #[error("the provider can't be reached or fails: {detail}")]
    Unavailable {
        detail: String,
        /// Seconds after which it says to try again.
        retry_after: Option<u64>,
    },
    /// What was said until then has to be paid for.
    #[error("the provider's answer broke off: {0}")]
    Broken(String),
    #[error("the prompt is longer than the model takes: {0}")]
    TooLong(String),
    #[error("the provider does not understand the request: {0}")]
    Refused(String),
}

impl LlmError {
    /// Whether the provider may have begun to work when it came to this.
    pub fn has_cost(&self) -> bool {
        matches!(self, LlmError::Broken(_))
    }

    /// How long to wait before the call is made again for the `tries`-th time; none where that is of no use.
    pub fn wait(&self, tries: u32) -> Option<Duration> {
        match self {
            LlmError::RateLimited { retry_after, .. } => {
                let said = retry_after.map(Duration::from_secs);
                Some(said.unwrap_or(Duration::from_secs(1 << tries)))
            }
            LlmError::Unavailable { retry_after, .. } => {
                let said = retry_after.map(Duration::from_secs);
                Some(said.unwrap_or(Duration::from_millis(250 << (2 * tries))))
            }
            LlmError::Broken(_) => Some(Duration::from_millis(250 << (2 * tries))),
            _ => None,
        }
    }

    /// What a run fails of, that fails of this.
    pub fn failure(&self) -> FailureReason {
        match self {
            LlmError::Unauthorized(_) => FailureReason::ProviderUnauthorized,
            LlmError::RateLimited { .. } => FailureReason::ProviderRateLimited,
            LlmError::Unavailable { .. } | LlmError::Broken(_) => {
                FailureReason::ProviderUnavailable
            }
            LlmError::TooLong(_) => FailureReason::ContextTooLong,
            LlmError::Refused(_) => FailureReason::InvalidOutput,
        }
    }
}
