//! Text with limits. Lengths count Unicode scalar values, save [`Body`], which counts bytes.

use std::{fmt, ops::Deref, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{Invalid, string_value, value_schema};

/// One line: trimmed, not empty, no control characters, at most `max` characters.
fn line(text: &str, max: usize) -> Result<Arc<str>, Invalid> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err(Invalid(format!(
            "must not be empty: give 1 to {max} characters"
        )));
    }
    if length > max {
        return Err(Invalid(format!(
            "must have 1 to {max} characters, this has {length}: shorten it"
        )));
    }
    if text.chars().any(char::is_control) {
        return Err(Invalid(
            "must be one line without control characters: remove them".into(),
        ));
    }
    Ok(text.into())
}

macro_rules! text_value {
    ($(#[$doc:meta])* $name:ident, $max:literal, $parse:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The most it may have.
            pub const MAX: usize = $max;
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                let parse: fn(&str) -> Result<Arc<str>, Invalid> = $parse;
                parse(text).map(Self)
            }
        }

        string_value!($name);
        value_schema!($name, string => string.max_length(Some($name::MAX)));
    };
}

text_value!(/// The name of an organization, project, team or member: one line of 1 to 120 characters.
    Name, 120, |text| line(text, Name::MAX));
text_value!(/// The title of an item: one line of 1 to 200 characters.
    Title, 200, |text| line(text, Title::MAX));
text_value!(/// A label: one line of 1 to 40 characters.
    Label, 40, |text| line(text, Label::MAX));
text_value!(/// The text of an acceptance criterion: one line of 1 to 500 characters.
    CriterionText, 500, |text| line(text, CriterionText::MAX));
text_value!(/// Markdown of at most 64 KiB; may be empty.
Body, 65536, |text| {
    if text.len() > Body::MAX {
        return Err(Invalid(format!("must have at most 64 KiB, this has {} bytes: shorten it", text.len())));
    }
    if text.chars().any(|c| c == '\0') {
        return Err(Invalid("must not contain NUL characters: remove them".into()));
    }
    Ok(text.into())
});

impl Default for Body {
    fn default() -> Self {
        Self("".into())
    }
}

/// One acceptance criterion of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// What must be true.
    pub text: CriterionText,
    /// Whether it is.
    #[serde(default)]
    pub done: bool,
}
