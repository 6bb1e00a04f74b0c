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
