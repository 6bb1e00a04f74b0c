use std::{fmt, str::FromStr, sync::Arc};

use crate::value::{Invalid, string_value, value_schema};

/// Names one life of a journal; random, and another whenever the journal is not the one it was.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Epoch(Arc<str>);

impl Epoch {
    /// The epoch as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Epoch {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let shape =
            (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if shape {
            Ok(Self(text.into()))
        } else {
            Err(Invalid(INVALID.into()))
        }
    }
}

string_value!(Epoch);

/// A position in the organization's one line of events, the same on every transport: `<epoch>:<seq>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// Which line.
    pub epoch: Epoch,
    /// How far along it; 0 is before the first event.
    pub seq: u64,
}

const INVALID: &str = "must be a cursor as an answer carried it, such as k3f9:118";

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.epoch, self.seq)
    }
}

impl FromStr for Cursor {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = || Invalid(INVALID.into());
        let (epoch, seq) = text.split_once(':').ok_or_else(invalid)?;
        if !seq.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(invalid());
        }
        Ok(Self {
            epoch: epoch.parse()?,
            seq: seq.parse().map_err(|_| invalid())?,
        })
    }
}

string_value!(Cursor);
value_schema!(Cursor, string => string.pattern(Some("^[A-Za-z0-9]{1,32}:[0-9]+$")));
