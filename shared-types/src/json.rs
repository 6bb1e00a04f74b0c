//! Reading tagged messages by way of a JSON value.
//!
//! The code that serde derives for tagged and flattened types reads every type inside them in several ways at once.
//! Half of the browser app was that; with one way in, each entity is read by one piece of code.

use serde::de::DeserializeOwned;
use serde_json::{Error, Value};

/// A field of an object; an absent one is null, which only an `Option` takes. Never inlined: it is called for hundreds of
/// fields, of few types.
#[inline(never)]
pub(crate) fn take<T: DeserializeOwned>(
    object: &mut Value,
    field: &'static str,
) -> Result<T, Error> {
    serde_json::from_value(take_value(object, field)).map_err(|error| in_field(field, error))
}

#[inline(never)]
fn take_value(object: &mut Value, field: &str) -> Value {
    object
        .get_mut(field)
        .map(Value::take)
        .unwrap_or(Value::Null)
}

#[cold]
#[inline(never)]
fn in_field(field: &str, error: Error) -> Error {
    serde::de::Error::custom(format_args!("{field}: {error}"))
}

/// `Deserialize` for an object, each of whose fields is read by itself; `stamped`, for an entity with its stamp.
macro_rules! read_fields {
    (stamped $type:ident { $($field:ident),+ $(,)? }) => {
        crate::json::read_from_value!($type, (|mut object: serde_json::Value| {
            Ok::<$type, serde_json::Error>($type {
                stamp: crate::model::Stamp::take_from(&mut object)?,
                $($field: crate::json::take(&mut object, stringify!($field))?,)+
            })
        }));
    };
    ($type:ident { $($field:ident),+ $(,)? }) => {
        crate::json::read_from_value!($type, (|mut object: serde_json::Value| {
            Ok::<$type, serde_json::Error>($type {
                $($field: crate::json::take(&mut object, stringify!($field))?,)+
            })
        }));
    };
}
pub(crate) use read_fields;

/// `Deserialize` from a function that reads a JSON value.
macro_rules! read_from_value {
    ($type:ty, $read:expr) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                $read(value).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use read_from_value;

/// Which of an enum's words this is.
#[inline(never)]
pub(crate) fn index_of<E: serde::de::Error>(
    word: &str,
    words: &'static [&'static str],
) -> Result<usize, E> {
    words
        .iter()
        .position(|known| *known == word)
        .ok_or_else(|| E::unknown_variant(word, words))
}

/// An enum that is one word in JSON: its words, and `Deserialize` by looking there. (What serde derives is a dozen times as
/// long, for each of two dozen enums.)
macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            const WORDS: [&'static str; [$($word),+].len()] = [$($word),+];

            /// Every one.
            pub const ALL: [$type; Self::WORDS.len()] = [$($type::$variant),+];

            /// As it is written on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $($type::$variant => $word),+ }
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <String as serde::Deserialize>::deserialize(deserializer)?;
                crate::json::index_of(&word, &Self::WORDS).map(|index| Self::ALL[index])
            }
        }

        #[cfg(test)]
        impl crate::json::tests::Words for $type {
            const ALL: &[Self] = &Self::ALL;

            fn word(self) -> &'static str {
                self.as_str()
            }
        }
    };
}
pub(crate) use words;

#[cfg(test)]
pub(crate) mod tests {
    use std::fmt::Debug;

    use serde::{Serialize, de::DeserializeOwned};

    use crate::{event::ActorKind, model::*, wire::*};

    /// What `words!` makes.
    pub(crate) trait Words:
        Serialize + DeserializeOwned + PartialEq + Debug + Copy + 'static
    {
        const ALL: &[Self];
        fn word(self) -> &'static str;
    }

    fn are_written_as_they_are_read<T: Words>() {
        for one in T::ALL {
            let json = serde_json::to_value(one).expect("a word");
            assert_eq!(json, one.word());
            assert_eq!(
                serde_json::from_value::<T>(json).expect("one of ours"),
                *one
            );
        }
        let error = serde_json::from_str::<T>("\"nonsense\"").expect_err("not one of them");
        assert!(error.to_string().contains(T::ALL[0].word()), "{error}");
    }

    #[test]
    fn words_are_written_as_they_are_read() {
        are_written_as_they_are_read::<ActorKind>();
        are_written_as_they_are_read::<Alert>();
        are_written_as_they_are_read::<FailureReason>();
        are_written_as_they_are_read::<ItemKind>();
        are_written_as_they_are_read::<MemberKind>();
        are_written_as_they_are_read::<PrincipalKind>();
        are_written_as_they_are_read::<Priority>();
        are_written_as_they_are_read::<ProposalState>();
        are_written_as_they_are_read::<ResyncReason>();
        are_written_as_they_are_read::<Role>();
        are_written_as_they_are_read::<RunKind>();
        are_written_as_they_are_read::<RunState>();
        are_written_as_they_are_read::<Status>();
        are_written_as_they_are_read::<ToolSwitch>();
        are_written_as_they_are_read::<WaitsFor>();
    }
}
