use std::{convert::Infallible, fmt, path::PathBuf};

use clap::Args;
use shared_types::value::Invalid;

use crate::agents::{
    ApiKey, Prices, ProviderKind, ProviderSettings, ServerProvider, ServersError, read_file,
};

/// Whose models the AI members of every organization can work with. Keys are better given as variables or in files: others
/// on the machine see a command's line.
#[derive(Debug, Clone, Args)]
pub struct ProviderFlags {
    /// A file that names providers with their keys, addresses, models and prices: see docs/agents.md.
    #[arg(long, env = "DEVTEAM_PROVIDERS_FILE")]
    pub providers_file: Option<PathBuf>,

    /// The key of a provider openai.
    #[arg(long, env = "DEVTEAM_OPENAI_API_KEY", hide_env_values = true, value_parser = unseen)]
    pub openai_api_key: Option<Unseen>,

    /// The key of a provider anthropic.
    #[arg(long, env = "DEVTEAM_ANTHROPIC_API_KEY", hide_env_values = true, value_parser = unseen)]
    pub anthropic_api_key: Option<Unseen>,

    /// The key of a provider gemini.
    #[arg(long, env = "DEVTEAM_GEMINI_API_KEY", hide_env_values = true, value_parser = unseen)]
    pub gemini_api_key: Option<Unseen>,

    /// Where a provider ollama is: `http://localhost:11434`.
    #[arg(long, env = "DEVTEAM_OLLAMA_URL")]
    pub ollama_url: Option<String>,
}

/// What was given as a key. It is looked at later: what is said here about a wrong value would repeat it.
#[derive(Clone)]
pub struct Unseen(String);

impl fmt::Debug for Unseen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unseen")
    }
}

fn unseen(text: &str) -> Result<Unseen, Infallible> {
    Ok(Unseen(text.to_owned()))
}

impl ProviderFlags {
    /// All that are named, those of the file last: where both name one, the file counts.
    pub fn read(&self) -> Result<Vec<ServerProvider>, ServersError> {
        let keyed = [
            (
                "DEVTEAM_OPENAI_API_KEY",
                "openai",
                ProviderKind::Openai,
                &self.openai_api_key,
            ),
            (
                "DEVTEAM_ANTHROPIC_API_KEY",
                "anthropic",
                ProviderKind::Anthropic,
                &self.anthropic_api_key,
            ),
            (
                "DEVTEAM_GEMINI_API_KEY",
                "gemini",
                ProviderKind::Gemini,
                &self.gemini_api_key,
            ),
        ];
        let mut named = Vec::new();
        for (variable, name, kind, given) in keyed {
            let wrong = |invalid| setting(variable, invalid);
            // A variable that is set to nothing is as good as none.
            let Some(Unseen(text)) = given.as_ref().filter(|Unseen(text)| !text.is_empty()) else {
                continue;
            };
            let key: ApiKey = text.parse().map_err(wrong)?;
            named.push(plain(name, kind, None, Some(key)).map_err(wrong)?);
        }
        if let Some(url) = self.ollama_url.as_ref().filter(|url| !url.is_empty()) {
            let ollama = plain("ollama", ProviderKind::Ollama, Some(url), None);
            named.push(ollama.map_err(|invalid| setting("DEVTEAM_OLLAMA_URL", invalid))?);
        }
        if let Some(path) = &self.providers_file {
            named.extend(read_file(path)?);
        }
        Ok(named)
    }
}

fn setting(name: &'static str, invalid: Invalid) -> ServersError {
    ServersError::Setting { name, invalid }
}

fn plain(
    name: &str,
    kind: ProviderKind,
    url: Option<&String>,
    key: Option<ApiKey>,
) -> Result<ServerProvider, Invalid> {
    Ok(ServerProvider {
        name: name.parse()?,
        settings: ProviderSettings {
            kind,
            base_url: url.map(|url| url.parse()).transpose()?,
            model: None,
            prices: Prices::default(),
        },
        key,
    })
}
