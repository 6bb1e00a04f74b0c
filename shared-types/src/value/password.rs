use std::{fmt, str::FromStr};

use super::{Invalid, string_value, value_schema};

/// A password as it is typed: 10 to 256 characters. It is never shown: who wants the text takes it out with
/// [`Password::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The fewest and the most characters.
    pub const LENGTH: std::ops::RangeInclusive<usize> = 10..=256;

    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// For a form that sends it; nothing else writes it.
impl fmt::Display for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Password {
    /// What somebody typed where a password is asked for: it may be none, which is found out in the same time.
    pub fn typed(text: &str) -> Self {
        Self(text.chars().take(*Self::LENGTH.end()).collect())
    }
}

impl FromStr for Password {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if Self::LENGTH.contains(&text.chars().count()) {
            return Ok(Self(text.to_owned()));
        }
        let (least, most) = (Self::LENGTH.start(), Self::LENGTH.end());
        Err(Invalid(format!("must have {least} to {most} characters")))
    }
}

string_value!(Password);
value_schema!(Password, string => string
    .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Password)))
    .min_length(Some(10))
    .max_length(Some(256)));
