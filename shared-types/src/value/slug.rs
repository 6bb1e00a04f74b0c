//! Slugs: the readable part of an address.

use std::{fmt, ops::Deref, str::FromStr, sync::Arc};

use uuid::Uuid;

use super::{Invalid, string_value, value_schema};

/// `[a-z0-9-]{1,64}` without `-` at either end, and never something that parses as a UUID, so that a path can take
/// either.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(Arc<str>);

impl Slug {
    /// The most characters it may have.
    pub const MAX: usize = 64;

    /// Slugs to try in turn for something called `name`: from its transliteration, then with `-2`, `-3` and so on.
    /// Where nothing is left of the name, `fallback` and `number` take its place (`project-7`).
    pub fn candidates(name: &str, fallback: &str, number: usize) -> SlugBase {
        let mut base = slugify(name);
        // Transliteration is ASCII, so a cut is never inside a character.
        base.truncate(Self::MAX);
        let base = base.trim_matches('-').to_owned();
        if base.is_empty() || Uuid::try_parse(&base).is_ok() {
            return SlugBase {
                base: format!("{fallback}-{number}"),
                tried: 0,
            };
        }
        SlugBase { base, tried: 0 }
    }
}

/// A name in the letters of a slug, of any length. (The crate `slug` does the same, but exports itself to JavaScript, and
/// so brings half a megabyte of tables into every page.)
pub(super) fn slugify(name: &str) -> String {
    let latin = deunicode::deunicode(name).to_ascii_lowercase();
    let words = latin
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// The slugs of [`Slug::candidates`], without end.
#[derive(Debug, Clone)]
pub struct SlugBase {
    base: String,
    tried: usize,
}

impl Iterator for SlugBase {
    type Item = Slug;

    fn next(&mut self) -> Option<Slug> {
        self.tried += 1;
        if self.tried == 1 {
            return Some(Slug(self.base.as_str().into()));
        }
        let suffix = format!("-{}", self.tried);
        let kept = self.base.len().min(Slug::MAX - suffix.len());
        let stem = self.base[..kept].trim_end_matches('-');
        Some(Slug(format!("{stem}{suffix}").into()))
    }
}

impl Deref for Slug {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl FromStr for Slug {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let of_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let shape = !text.is_empty()
            && text.len() <= Self::MAX
            && text.chars().all(of_slug)
            && !text.starts_with('-')
            && !text.ends_with('-');
        if !shape {
            return Err(Invalid(
                "must be 1 to 64 of a-z, 0-9 and '-', without '-' at either end, such as launch-2027".into(),
            ));
        }
        if Uuid::try_parse(text).is_ok() {
            return Err(Invalid("must not look like a UUID: choose another".into()));
        }
        Ok(Self(text.into()))
    }
}

string_value!(Slug);
value_schema!(Slug, string => string.pattern(Some("^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$")));
