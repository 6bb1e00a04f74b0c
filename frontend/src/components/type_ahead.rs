//! Going to an entry of a list by the letters that it begins with.

use crate::letters::lower;

/// How long after one letter the next one belongs to the same word.
const PAUSE_MS: f64 = 1_000.0;

/// What was typed, and when.
#[derive(Default)]
pub struct TypeAhead {
    typed: String,
    at: f64,
}

impl TypeAhead {
    /// Whether a word is being typed: a space is of it.
    pub fn is_going_on(&self) -> bool {
        !self.typed.is_empty() && js_sys::Date::now() - self.at < PAUSE_MS
    }

    /// A key was pressed at entry `at`: where to go, if it is a letter that leads anywhere. The same letter again leads to
    /// the next entry that begins with it.
    pub fn press<'a>(
        &mut self,
        key: &str,
        at: usize,
        labels: impl Iterator<Item = &'a str>,
    ) -> Option<usize> {
        let mut letters = key.chars();
        let (Some(letter), None) = (letters.next().map(String::from), letters.next()) else {
            return None;
        };
        if !self.is_going_on() {
            self.typed.clear();
        }
        self.typed += &lower(&letter);
        self.at = js_sys::Date::now();
        let labels: Vec<String> = labels.map(lower).collect();
        let found = find(&self.typed, at, &labels);
        if found.is_none() {
            // It may begin another word.
            self.typed = lower(&letter);
        }
        found.or_else(|| find(&self.typed, at, &labels))
    }
}

fn find(typed: &str, at: usize, labels: &[String]) -> Option<usize> {
    let first = typed.chars().next()?;
    let is_one_letter = typed.chars().all(|letter| letter == first);
    let wanted = if is_one_letter {
        &typed[..first.len_utf8()]
    } else {
        typed
    };
    // A longer word may still mean where one is.
    let from = if is_one_letter { at + 1 } else { at };
    (0..labels.len())
        .map(|step| (from + step) % labels.len())
        .find(|index| labels[*index].starts_with(wanted))
}

/// The number that a key stands for, from 1.
pub fn digit(key: &str) -> Option<usize> {
    key.parse().ok().filter(|digit| (1..=9).contains(digit))
}
