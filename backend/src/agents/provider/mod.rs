//! Whose models an organization's members work with.

mod price;

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use shared_types::{model::AgentProfile, value::Name};

pub use price::{Price, Prices};

use super::llm::{LlmClient, Scripted};

/// The provider that is no model.
pub const SCRIPTED: &str = "scripted";

/// Whose models an organization's members can work with.
#[derive(Default)]
pub struct Providers {
    known: RwLock<BTreeMap<Name, Arc<Provider>>>,
    /// That of members who name none.
    usual: Option<Name>,
}

/// One provider.
pub struct Provider {
    pub name: Name,
    pub client: Arc<dyn LlmClient>,
    /// The model of members who name none.
    pub model: Option<Name>,
    pub prices: Prices,
}

impl Providers {
    /// Those that there are, one of which is for members who name none.
    pub fn new(known: impl IntoIterator<Item = Provider>, usual: Option<Name>) -> Self {
        let by_name = known
            .into_iter()
            .map(|provider| (provider.name.clone(), Arc::new(provider)));
        Self {
            known: RwLock::new(by_name.collect()),
            usual,
        }
    }

    /// The one that a member works with, if there is one here. For others, somebody else has to claim their runs.
    pub fn of(&self, profile: &AgentProfile) -> Option<Arc<Provider>> {
        let name = profile.provider.as_ref().or(self.usual.as_ref())?;
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
    }
}

/// The scripted provider, at a pace.
pub fn scripted(words_per_second: u32) -> Option<Provider> {
    Some(Provider {
        name: SCRIPTED.parse().ok()?,
        client: Arc::new(Scripted::new(words_per_second)),
        model: None,
        prices: Prices::free(),
    })
}
