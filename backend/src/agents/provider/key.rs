use std::{borrow::Cow, fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, de::Error};
use shared_types::value::Invalid;

/// Characters at its end that are shown again, and how long a key must be for that: the rest must stay hard to guess.
const SHOWN: usize = 4;
const LONG: usize = 20;

/// The key of a provider. It is shown to nobody: what is printed of it is its type.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(Arc<str>);

impl ApiKey {
    /// The key itself, for the provider alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Its end, by which its owner recognises it; none of a short one.
    pub fn ending(&self) -> Option<&str> {
        let start = self.0.len().checked_sub(SHOWN)?;
        (self.0.len() >= LONG).then(|| &self.0[start..])
    }
}

impl FromStr for ApiKey {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        // It goes into a header. One that is shorter guards nothing, and would be found in everything that is said.
        match (8..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            true => Ok(Self(text.into())),
            false => Err(Invalid("must be 8 to 512 visible ASCII characters".into())),
        }
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey")
    }
}

impl<'de> Deserialize<'de> for ApiKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_printed_and_shows_its_end_only_where_much_is_left() {
        let key: ApiKey = " sk-0123456789abcdefghij\n".parse().expect("a key");
        assert_eq!(format!("{key:?}"), "ApiKey");
        assert_eq!(key.ending(), Some("ghij"));
        let short: ApiKey = "0123456789".parse().expect("a key");
        assert_eq!(short.ending(), None);
        for wrong in ["", "short", "with a space in it", "schlüssel-schlüssel"] {
            let refused = wrong.parse::<ApiKey>().expect_err("no key").0;
            assert!(!refused.contains("sch"), "{refused}");
        }
    }
}
