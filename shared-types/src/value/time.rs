//! Times (RFC 3339, UTC, milliseconds) and dates.

use std::{fmt, str::FromStr};

use super::{Invalid, string_value, value_schema};

/// A moment, in milliseconds since 1970 (UTC). On the wire: `2026-11-23T14:00:00.123Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// From milliseconds since 1970; a moment no calendar holds becomes the nearest one that it does.
    pub fn from_millis(millis: i64) -> Self {
        let clamped = millis.clamp(
            jiff::Timestamp::MIN.as_millisecond(),
            jiff::Timestamp::MAX.as_millisecond(),
        );
        Self(jiff::Timestamp::from_millisecond(clamped).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
    }

    /// Milliseconds since 1970.
    pub fn as_millis(self) -> i64 {
        self.0.as_millisecond()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

impl FromStr for Timestamp {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let moment: jiff::Timestamp = text
            .parse()
            .map_err(|_| Invalid("must be a time such as 2026-11-23T14:00:00Z".into()))?;
        Ok(Self::from_millis(moment.as_millisecond()))
    }
}

string_value!(Timestamp);
value_schema!(Timestamp, string => string.format(Some(utoipa::openapi::SchemaFormat::Custom("date-time".into()))));

/// A calendar day. On the wire: `2026-11-23`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub jiff::civil::Date);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Date {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = || Invalid("must be a date such as 2026-11-23".into());
        // Only the plain form: jiff would also take a time and drop it.
        if text.len() != 10 {
            return Err(invalid());
        }
        text.parse().map(Self).map_err(|_| invalid())
    }
}

string_value!(Date);
value_schema!(Date, string => string.format(Some(utoipa::openapi::SchemaFormat::Custom("date".into()))));
