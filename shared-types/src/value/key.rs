//! Keys: `WEB` for a project, `WEB-12` for an item.

use std::{fmt, ops::Deref, str::FromStr, sync::Arc};

use super::{Invalid, string_value, value_schema};

/// `[A-Z][A-Z0-9]{1,9}`, unique forever in its organization; `ORG` is the organization's own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectKey(Arc<str>);

impl ProjectKey {
    /// The key of the organization's own items; no project may have it.
    pub const ORGANIZATION: &str = "ORG";
    const MAX: usize = 10;

    /// The key under which the organization's own items are numbered.
    pub fn organization() -> Self {
        Self(Self::ORGANIZATION.into())
    }

    /// Keys to try in turn for a project called `name`: its first letters, then with a number behind them.
    pub fn candidates(name: &str) -> impl Iterator<Item = Self> {
        let letters: String = super::slug::slugify(name)
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .skip_while(char::is_ascii_digit)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let stem = match letters.len() {
            0 | 1 => format!("{letters}PR"),
            length => letters[..length.min(4)].to_owned(),
        };
        (1usize..).filter_map(move |n| {
            let suffix = if n == 1 { String::new() } else { n.to_string() };
            let kept = stem.len().min(Self::MAX - suffix.len());
            format!("{}{suffix}", &stem[..kept]).parse().ok()
        })
    }
}

impl Deref for ProjectKey {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ProjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl FromStr for ProjectKey {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let shape = (2..=Self::MAX).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        if !shape {
            return Err(Invalid(
                "must be 2 to 10 of A-Z and 0-9, beginning with a letter, such as WEB".into(),
            ));
        }
        if text == Self::ORGANIZATION {
            return Err(Invalid(
                "must not be ORG, which numbers the organization's own items: choose another"
                    .into(),
            ));
        }
        Ok(Self(text.into()))
    }
}

string_value!(ProjectKey);
value_schema!(ProjectKey, string => string.pattern(Some("^[A-Z][A-Z0-9]{1,9}$")));

/// An item's key: its project's key (or `ORG`) and a number never used again.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemKey {
    /// The project's key, or `ORG`.
    pub project: ProjectKey,
    /// Counted from 1 in each project.
    pub number: u32,
}

impl fmt::Display for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.project, self.number)
    }
}

impl fmt::Debug for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ItemKey {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = || Invalid("must be an item's key, such as WEB-12".into());
        let (project, number) = text.split_once('-').ok_or_else(invalid)?;
        let project = match project {
            ProjectKey::ORGANIZATION => ProjectKey::organization(),
            other => other.parse().map_err(|_| invalid())?,
        };
        // Only the canonical spelling: neither `+1` nor `007`.
        if !number.starts_with(|c: char| ('1'..='9').contains(&c)) {
            return Err(invalid());
        }
        Ok(Self {
            project,
            number: number.parse().map_err(|_| invalid())?,
        })
    }
}

string_value!(ItemKey);
value_schema!(ItemKey, string => string.pattern(Some("^[A-Z][A-Z0-9]{1,9}-[1-9][0-9]*$")));
