//! Ranks: strings that sort as the items do, with room for one more between any two.
//!
//! A rank is an integer of variable length and a fraction, both in base 62, compared as plain strings. The first
//! character tells the integer's length (`a` one digit, `b` two …; `Z` one digit below zero, `Y` two …), so that adding at
//! either end grows the string with the logarithm of the number of items, and only inserting between neighbours
//! lengthens the fraction. The idea is David Greenspan's "Implementing Fractional Indexing".

use std::{cmp::Ordering, fmt, str::FromStr, sync::Arc};

use super::{Invalid, string_value, value_schema};

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The place of an item among the others of its project (or of the organization's backlog).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank(Arc<str>);

impl Rank {
    /// A rank above `low` and below `high`; `None` is no bound. If they are not in order, `high` is ignored.
    pub fn between(low: Option<&Rank>, high: Option<&Rank>) -> Rank {
        let high = high.filter(|high| low.is_none_or(|low| low < *high));
        let text = match (low, high) {
            (None, None) => b"a0".to_vec(),
            (Some(low), None) => {
                let (integer, _) = low.parts();
                let mut next = integer.to_vec();
                if !increment(&mut next) {
                    next = low.0.as_bytes().to_vec();
                    next.push(DIGITS[31]);
                }
                next
            }
            (None, Some(high)) => {
                let (integer, _) = high.parts();
                let mut next = integer.to_vec();
                if !decrement(&mut next) {
                    next = integer.to_vec();
                    next.extend(midpoint(b"", Some(high.parts().1)));
                }
                next
            }
            (Some(low), Some(high)) => {
                let (low_integer, low_fraction) = low.parts();
                let (high_integer, high_fraction) = high.parts();
                if low_integer == high_integer {
                    let mut text = low_integer.to_vec();
                    text.extend(midpoint(low_fraction, Some(high_fraction)));
                    text
                } else {
                    let mut next = low_integer.to_vec();
                    if increment(&mut next) && next.as_slice() < high.0.as_bytes() {
                        next
                    } else {
                        let mut text = low_integer.to_vec();
                        text.extend(midpoint(low_fraction, None));
                        text
                    }
                }
            }
        };
        // Only ASCII digits are ever put together.
        Rank(String::from_utf8_lossy(&text).into())
    }

    fn parts(&self) -> (&[u8], &[u8]) {
        let bytes = self.0.as_bytes();
        bytes.split_at(integer_length(bytes[0]).min(bytes.len()))
    }
}

/// Length of the integer part, its head included.
fn integer_length(head: u8) -> usize {
    match head {
        b'a'..=b'z' => usize::from(head - b'a') + 2,
        _ => usize::from(b'Z' - head) + 2,
    }
}

fn digit(byte: u8) -> usize {
    DIGITS.iter().position(|d| *d == byte).unwrap_or(0)
}

/// The next integer; false where there is none.
fn increment(integer: &mut Vec<u8>) -> bool {
    for i in (1..integer.len()).rev() {
        let d = digit(integer[i]) + 1;
        if d < DIGITS.len() {
            integer[i] = DIGITS[d];
            return true;
        }
        integer[i] = DIGITS[0];
    }
    match integer[0] {
        b'z' => return false,
        b'Z' => *integer = b"a0".to_vec(),
        head => {
            integer[0] = head + 1;
            let length = integer_length(head + 1);
            integer.resize(length, DIGITS[0]);
        }
    }
    true
}

/// The integer before; false where there is none.
fn decrement(integer: &mut Vec<u8>) -> bool {
    for i in (1..integer.len()).rev() {
        let d = digit(integer[i]);
        if d > 0 {
            integer[i] = DIGITS[d - 1];
            return true;
        }
        integer[i] = DIGITS[61];
    }
    match integer[0] {
        b'A' => return false,
        b'a' => *integer = b"Zz".to_vec(),
        head => {
            integer[0] = head - 1;
            let length = integer_length(head - 1);
            integer.resize(length, DIGITS[61]);
        }
    }
    true
}

/// A fraction above `low` and below `high` (`None`: below one) that does not end in the digit zero.
fn midpoint(low: &[u8], high: Option<&[u8]>) -> Vec<u8> {
    let mut made = Vec::new();
    let mut high = high;
    let mut i = 0;
    loop {
        let a = low.get(i).map_or(0, |byte| digit(*byte));
        let b = high.map_or(DIGITS.len(), |high| {
            high.get(i).map_or(0, |byte| digit(*byte))
        });
        match b.cmp(&a) {
            Ordering::Equal => made.push(DIGITS[a]),
            Ordering::Greater if b - a > 1 => {
                made.push(DIGITS[(a + b) / 2]);
                return made;
            }
            // No digit fits between: take the lower one, and whatever follows is below `high`.
            _ => {
                made.push(DIGITS[a]);
                high = None;
            }
        }
        i += 1;
    }
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Rank {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let bytes = text.as_bytes();
        let shape = bytes.first().is_some_and(u8::is_ascii_alphabetic)
            && bytes.iter().all(u8::is_ascii_alphanumeric)
            && bytes.len() >= integer_length(bytes[0]);
        if shape {
            Ok(Self(text.into()))
        } else {
            Err(Invalid("must be a rank".into()))
        }
    }
}

string_value!(Rank);
value_schema!(Rank, string => string.pattern(Some("^[A-Za-z][0-9A-Za-z]+$")));

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn appending_grows_with_the_logarithm() {
        let mut rank = Rank::between(None, None);
        for _ in 0..200_000 {
            let next = Rank::between(Some(&rank), None);
            assert!(next > rank);
            rank = next;
        }
        assert!(rank.0.len() <= 5, "{rank}");
    }

    proptest! {
        #[test]
        fn there_is_always_room_between_two_neighbours(places in prop::collection::vec(any::<prop::sample::Index>(), 1..300)) {
            let mut ranks: Vec<Rank> = Vec::new();
            for place in places {
                let at = place.index(ranks.len() + 1);
                let low = at.checked_sub(1).map(|i| &ranks[i]);
                let made = Rank::between(low, ranks.get(at));
                prop_assert!(low.is_none_or(|low| *low < made));
                prop_assert!(ranks.get(at).is_none_or(|high| made < *high));
                prop_assert_eq!(&made.to_string().parse::<Rank>().expect("a rank parses"), &made);
                ranks.insert(at, made);
            }
        }
    }
}
