//! Whose models an organization's members work with: those of the server, and those that its own admins have set.

mod address;
mod book;
mod change;
mod file;
mod key;
mod kind;
mod network;
mod price;
mod registry;
mod servers;
mod settings;
mod trial;
mod vault;

use std::sync::Arc;

use serde::Serialize;
use shared_types::value::Name;
use utoipa::ToSchema;

pub use address::BaseUrl;
pub use book::{BookError, Page, Pages, ProviderBook, Shelf};
pub use change::ProviderChange;
pub use key::ApiKey;
pub use kind::ProviderKind;
pub use network::Reach;
pub use price::{Price, Prices};
pub use registry::Providers;
pub use servers::{ServerProvider, ServersError, read_file};
pub use settings::ProviderSettings;
pub use trial::Trial;
pub use vault::{Vault, VaultError};

use super::llm::{LlmClient, Scripted};

/// The provider that is no model.
pub const SCRIPTED: &str = "scripted";

/// One provider.
pub struct Provider {
    pub name: Name,
    pub client: Arc<dyn LlmClient>,
    /// The model of members who name none.
    pub model: Option<Name>,
    pub prices: Prices,
    /// Its key is set and can't be opened here.
    pub is_locked: bool,
    /// What it is to those who look after it.
    pub about: About,
}

/// What a provider is to those who look after it.
#[derive(Debug, Clone)]
pub struct About {
    pub owner: Owner,
    /// None: it is no model.
    pub kind: Option<ProviderKind>,
    /// Where it is, where that was said.
    pub base_url: Option<BaseUrl>,
    pub key: KeyState,
}

/// Who has set a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// Whoever runs the server, for all organizations on it.
    Server,
    /// The organization's admins.
    Organization,
}

/// What is told of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct KeyState {
    /// Whether there is one.
    pub set: bool,
    /// The end of one that the organization has set, by which one recognises it; null where it is short.
    pub ends_in: Option<String>,
}

impl KeyState {
    fn of(key: Option<&ApiKey>, owner: Owner) -> Self {
        let ending = key.and_then(ApiKey::ending);
        Self {
            set: key.is_some(),
            ends_in: ending
                .filter(|_| owner == Owner::Organization)
                .map(str::to_owned),
        }
    }
}

impl Provider {
    /// One that somebody has set.
    fn new(
        name: Name,
        settings: ProviderSettings,
        key: Option<ApiKey>,
        owner: Owner,
        reach: Reach,
    ) -> Self {
        let key_state = KeyState::of(key.as_ref(), owner);
        Self {
            name,
            client: settings.client(key, reach),
            model: settings.model,
            prices: settings.prices,
            is_locked: false,
            about: About {
                owner,
                kind: Some(settings.kind),
                base_url: settings.base_url,
                key: key_state,
            },
        }
    }

    /// The scripted one, at a pace.
    pub(super) fn scripted(name: Name, words_per_second: u32) -> Self {
        Self {
            name,
            client: Arc::new(Scripted::new(words_per_second)),
            model: None,
            prices: Prices::free(),
            is_locked: false,
            about: About {
                owner: Owner::Server,
                kind: None,
                base_url: None,
                key: KeyState::of(None, Owner::Server),
            },
        }
    }
}
