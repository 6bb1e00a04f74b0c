use std::{fmt, ops::Deref, str::FromStr, sync::Arc};

use super::{Invalid, string_value, value_schema};

/// The longest address that mail can be sent to. (RFC 5321 §4.5.3.1.3)
const MAX: usize = 254;

/// An e-mail address, as one person has it: without space around it and in small letters, so that the same address is
/// the same text however it was typed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(Arc<str>);

impl Deref for Email {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl FromStr for Email {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text = text.trim().to_lowercase();
        let parts = text.rsplit_once('@');
        let is_host = |host: &str| {
            let labels = host.split('.');
            host.len() <= 253 && labels.into_iter().all(|label| !label.is_empty())
        };
        let is_address =
            parts.is_some_and(|(local, host)| (1..=64).contains(&local.len()) && is_host(host));
        let is_plain = !text.chars().any(|c| c.is_control() || c.is_whitespace());
        if is_address && is_plain && text.len() <= MAX {
            return Ok(Self(text.into()));
        }
        Err(Invalid(
            "must be an e-mail address, such as ada@example.org".into(),
        ))
    }
}

string_value!(Email);
value_schema!(Email, string => string
    .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Email)))
    .examples(["ada@example.org"]));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_same_however_it_is_typed() {
        let typed: Email = " Ada@Example.ORG ".parse().unwrap();
        assert_eq!(&*typed, "ada@example.org");
        for wrong in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "a da@example.org",
            "ada@.org",
            "ada@a..b",
        ] {
            assert!(wrong.parse::<Email>().is_err(), "{wrong}");
        }
    }
}
