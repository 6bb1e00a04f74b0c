//! Text with limits. Lengths count Unicode scalar values, save [`Body`], which counts bytes.

use std::{fmt, ops::Deref, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{Invalid, string_value, value_schema};

/// One line that can be seen: trimmed, not empty, at most `max` characters, none of which controls anything.
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
    if let Some(hidden) = text.chars().find(|c| misleads(*c)) {
        return Err(Invalid(format!(
            "must not contain the invisible character U+{:04X}: remove it",
            u32::from(hidden)
        )));
    }
    if text.chars().all(|c| c.is_whitespace() || is_blank(c)) {
        return Err(Invalid(
            "must have something that can be seen: give it a letter, a digit or a sign".into(),
        ));
    }
    Ok(text.into())
}

/// Line and paragraph separators, invisible spaces and hyphens, and what turns the direction of the text around it:
/// with these one name passes for another. Marks that scripts and emoji are written with (joiners, variation
/// selectors, U+200E, U+200F) are none of them.
fn misleads(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

/// Without a form of its own.
fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{200c}'..='\u{200f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_seen_and_is_what_it_looks_like() {
        for name in [
            "\u{200b}",
            "A\u{ad}B",
            "a\u{2060}",
            "user\u{202e}nimda",
            "\u{2066}x\u{2069}",
            "a\u{2028}b",
            "\u{feff}x",
            "\u{200d}\u{200d}",
            "\u{3164} \u{3164}",
            "\u{2800}",
        ] {
            assert!(name.parse::<Name>().is_err(), "{name:?}");
        }
        for name in [
            "نصب\u{200c}کننده",
            "👩\u{200d}💻",
            "❤\u{fe0f}",
            "עברית\u{200f}",
            "e\u{301}",
            "क\u{94d}\u{200d}ष",
        ] {
            assert_eq!(&*name.parse::<Name>().expect(name), name);
        }
    }
}
