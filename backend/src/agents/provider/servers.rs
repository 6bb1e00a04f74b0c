//! The providers of the server: from a file, or by a key in its environment.

use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use shared_types::value::{Invalid, Name};

use super::{ApiKey, BaseUrl, Owner, Prices, Provider, ProviderKind, ProviderSettings, Reach};

/// One that whoever runs the server has set, for every organization on it.
#[derive(Debug, Clone)]
pub struct ServerProvider {
    pub name: Name,
    pub settings: ProviderSettings,
    pub key: Option<ApiKey>,
}

impl ServerProvider {
    /// It at work. Where the server goes is its operator's affair.
    pub(in crate::agents) fn provider(&self) -> Provider {
        let (name, settings) = (self.name.clone(), self.settings.clone());
        let (owner, reach) = (Owner::Server, Reach::Everywhere);
        Provider::new(name, settings, self.key.clone(), owner, reach)
    }
}

/// Why the server's providers can't be had. No key is in it.
#[derive(Debug, thiserror::Error)]
pub enum ServersError {
    #[error("{} can't be read: {source}. Name another file with --providers-file", .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{} is wrong at {place}: {why}", .path.display())]
    Wrong {
        path: PathBuf,
        place: String,
        why: String,
    },
    #[error("{name} {}", .invalid.0)]
    Setting {
        name: &'static str,
        invalid: Invalid,
    },
}

/// A provider as the file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    kind: ProviderKind,
    base_url: Option<BaseUrl>,
    /// The key itself.
    key: Option<ApiKey>,
    /// A variable of the server's environment that has it.
    key_env: Option<String>,
    /// A file that has it and nothing else.
    key_file: Option<PathBuf>,
    model: Option<Name>,
    #[serde(default)]
    prices: Prices,
}

/// The providers in a file: an object with each by its name.
pub fn read_file(path: &Path) -> Result<Vec<ServerProvider>, ServersError> {
    let wrong = |place: String, why: String| ServersError::Wrong {
        path: path.into(),
        place,
        why,
    };
    let text = fs::read_to_string(path).map_err(|source| ServersError::File {
        path: path.into(),
        source,
    })?;
    let mut json = serde_json::Deserializer::from_str(&text);
    let said: BTreeMap<Name, Said> = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| wrong(error.path().to_string(), without_values(error.inner())))?;
    let provider = |(name, said): (Name, Said)| {
        let key = key(&said).map_err(|why| wrong(name.to_string(), why))?;
        let settings = ProviderSettings {
            kind: said.kind,
            base_url: said.base_url,
            model: said.model,
            prices: said.prices,
        };
        let checked = settings.check(key.as_ref(), Reach::Everywhere);
        checked.map_err(|rejection| wrong(name.to_string(), rejection.detail))?;
        Ok(ServerProvider {
            name,
            settings,
            key,
        })
    };
    said.into_iter().map(provider).collect()
}

/// What is wrong, without what was there: it may be a key in the wrong place.
fn without_values(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.split('"').step_by(2).collect::<Vec<_>>().join("…")
}

/// The key, wherever it is said to be.
fn key(said: &Said) -> Result<Option<ApiKey>, String> {
    let text = match (&said.key, &said.key_env, &said.key_file) {
        (key, None, None) => return Ok(key.clone()),
        (None, Some(variable), None) => {
            env::var(variable).map_err(|_| format!("the variable {variable} is not set"))?
        }
        (None, None, Some(file)) => fs::read_to_string(file)
            .map_err(|error| format!("{} can't be read: {error}", file.display()))?,
        _ => return Err("give one of key, key_env and key_file".into()),
    };
    let key = text.parse();
    key.map(Some)
        .map_err(|invalid: Invalid| format!("its key {}", invalid.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<ServerProvider>, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("providers.json");
        fs::write(&path, text).expect("written");
        read_file(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_names_providers_and_where_their_keys_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join("key");
        fs::write(&key, "sk-from-a-file-0123456789\n").expect("written");
        let text = serde_json::json!({
            "openai": { "kind": "openai", "key_file": key, "model": "large",
                "prices": { "models": { "large": { "input": 1, "cached": 1, "output": 2 } } } },
            "local": { "kind": "ollama", "base_url": "http://127.0.0.1:11434" },
        });
        let found = read(&text.to_string()).expect("two providers");
        assert_eq!(found.len(), 2);
        assert_eq!(&*found[0].name, "local");
        assert_eq!(
            found[1].key.as_ref().map(ApiKey::reveal),
            Some("sk-from-a-file-0123456789")
        );
        assert_eq!(found[1].settings.prices.models.len(), 1);
    }

    #[test]
    fn what_is_wrong_is_named_and_no_key_with_it() {
        for (text, said) in [
            ("", "EOF"),
            (r#"{"a":{"kind":"nonsense"}}"#, "a.kind"),
            (r#"{"a":{"kind":"openai"}}"#, "key"),
            (r#"{"a":"planted-key-1"}"#, "invalid type"),
            (r#"{"a":{"kind":"openai","key":"planted"}}"#, "a.key"),
            (
                r#"{"a":{"kind":"openai","key":"planted-key-1","key_env":"X"}}"#,
                "one of",
            ),
            (
                r#"{"a":{"kind":"openai","key_env":"DEVTEAM_NOT_SET"}}"#,
                "DEVTEAM_NOT_SET",
            ),
            (r#"{"a":{"kind":"openai","keys":"planted-key-1"}}"#, "keys"),
            (
                r#"{"a":{"kind":"openai","base_url":"nonsense","key":"planted-key-1"}}"#,
                "base_url",
            ),
        ] {
            let refused = read(text).expect_err("refused");
            assert!(refused.contains(said), "{text}: {refused}");
            assert!(!refused.contains("planted"), "{refused}");
        }
    }
}
