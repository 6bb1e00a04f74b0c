use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared_types::{
    ErrorCode, Rejection,
    value::{Invalid, Name},
};

use super::{ApiKey, BaseUrl, Prices, ProviderKind, network::Reach};
use crate::agents::llm::{GenaiClient, LlmClient, Unusable};

/// What is said about a provider, save its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderSettings {
    pub kind: ProviderKind,
    /// Where it is; none: at its usual address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<BaseUrl>,
    /// The model of members who name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Name>,
    #[serde(default)]
    pub prices: Prices,
}

impl ProviderSettings {
    /// Where it is.
    pub fn address(&self) -> Result<BaseUrl, Invalid> {
        match &self.base_url {
            Some(address) => Ok(address.clone()),
            None => self.kind.usual_address().parse(),
        }
    }

    /// Refuses what could never work, and what whoever says it may not say.
    pub fn check(&self, key: Option<&ApiKey>, reach: Reach) -> Result<(), Rejection> {
        let wrong =
            |field: &str, message: String| Rejection::field(ErrorCode::Validation, field, message);
        let address = self.address().and_then(|address| address.check(reach));
        address.map_err(|invalid| wrong("/base_url", invalid.0))?;
        // A server of one's own that speaks as OpenAI does may want none.
        let is_own = self.kind == ProviderKind::Openai && self.base_url.is_some();
        if self.kind.wants_key() && !is_own && key.is_none() {
            let message = "is required: this provider answers nobody without one";
            return Err(wrong("/key", message.into()));
        }
        Ok(())
    }

    /// What asks it. Where it can't be asked, whoever tries is told why.
    pub fn client(&self, key: Option<ApiKey>, reach: Reach) -> Arc<dyn LlmClient> {
        let client = || -> Result<GenaiClient, String> {
            let refused = |rejection: Rejection| rejection.detail;
            self.check(key.as_ref(), reach).map_err(refused)?;
            let address = self.address().map_err(|invalid| invalid.0)?;
            let http = reach.client(&address).map_err(|error| error.to_string())?;
            let client = GenaiClient::new(http, self.kind, address, key.clone());
            client.map_err(|error| error.to_string())
        };
        match client() {
            Ok(client) => Arc::new(client),
            Err(why) => Arc::new(Unusable(why)),
        }
    }
}
