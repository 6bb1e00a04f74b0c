use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose protocol a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// OpenAI's chat completions: OpenAI itself, and every server that speaks as it does.
    Openai,
    /// Anthropic's messages.
    Anthropic,
    /// Google's Gemini.
    Gemini,
    /// Ollama, on a machine of one's own.
    Ollama,
}

impl ProviderKind {
    /// Where it is, when nothing else is said.
    pub fn usual_address(self) -> &'static str {
        match self {
            ProviderKind::Openai => "https://api.openai.com/v1/",
            ProviderKind::Anthropic => "https://api.anthropic.com/v1/",
            ProviderKind::Gemini => "https://generativelanguage.googleapis.com/v1beta/",
            ProviderKind::Ollama => "http://localhost:11434/",
        }
    }

    /// Whether nobody can ask it without a key, where it is at its usual address.
    pub fn wants_key(self) -> bool {
        self != ProviderKind::Ollama
    }
}
