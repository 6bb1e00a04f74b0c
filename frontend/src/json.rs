//! JSON in one way: text becomes a value, and a value what it says. Each type then has one piece of code that reads it,
//! where each further way in would add another one to the page.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use web_sys::Storage;

/// What a text says, if it says a `T`.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok().and_then(from_value)
}

/// What a value says, if it says a `T`.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Option<T> {
    serde_json::from_value(value).ok()
}

/// A field of an object, taken out of it; an absent one is null.
pub fn take<T: DeserializeOwned>(object: &mut Value, field: &str) -> Option<T> {
    from_value(object.get_mut(field).map(Value::take).unwrap_or_default())
}

/// A value as text. Nothing here can fail to be written; if it did, it would be empty.
pub fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Any of our values as JSON, by way of text: there is one serializer too.
pub fn to_value(value: &impl Serialize) -> Value {
    serde_json::from_str(&write(value)).unwrap_or_default()
}

/// Keeps something in a storage of the browser, which may be full or forbidden.
pub fn keep(
    storage: &Storage,
    name: &str,
    value: &impl Serialize,
) -> Result<(), wasm_bindgen::JsValue> {
    storage.set_item(name, &write(value))
}
