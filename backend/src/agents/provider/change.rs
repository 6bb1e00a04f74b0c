use serde::Deserialize;
use shared_types::{ErrorCode, Rejection, command::Patch, value::Name};
use utoipa::ToSchema;

use super::{ApiKey, BaseUrl, Prices, ProviderKind, ProviderSettings, book::Entry};

/// What an admin says about a provider. All of it is replaced, save a key that is not named.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderChange {
    pub kind: ProviderKind,
    /// Where it is, such as `https://api.example.com/v1`; null: at its usual address.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub base_url: Option<BaseUrl>,
    /// Its key, which is never shown again. When not given, the one that is set stays, as long as kind and address do; null
    /// takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only)]
    pub key: Patch<Option<ApiKey>>,
    /// The model of members who name none.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub model: Option<Name>,
    /// What its models cost.
    #[serde(default)]
    pub prices: Prices,
}

impl ProviderChange {
    /// What it comes to, over what was there before.
    pub fn over(
        self,
        before: Option<Entry>,
    ) -> Result<(ProviderSettings, Option<ApiKey>), Rejection> {
        let settings = ProviderSettings {
            kind: self.kind,
            base_url: self.base_url,
            model: self.model,
            prices: self.prices,
        };
        let key = match (self.key, before) {
            (Patch::Set(key), _) => key,
            (Patch::Keep, None) => None,
            (Patch::Keep, Some(before)) => kept(before, &settings)?,
        };
        Ok((settings, key))
    }
}

/// The key that was there. It goes to no other place than it was given for: else one admin could have that of another sent to
/// a server of their own.
fn kept(before: Entry, settings: &ProviderSettings) -> Result<Option<ApiKey>, Rejection> {
    let wrong = |message: &str| Err(Rejection::field(ErrorCode::Validation, "/key", message));
    match before.key {
        Ok(None) => Ok(None),
        Err(_) => wrong("can't be opened any more: give it again"),
        Ok(Some(key)) => {
            let place = |of: &ProviderSettings| (of.kind, of.base_url.clone());
            match place(&before.settings) == place(settings) {
                true => Ok(Some(key)),
                false => wrong("must be given again where the kind or the address changes"),
            }
        }
    }
}
