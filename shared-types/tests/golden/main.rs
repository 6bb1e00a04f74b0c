//! The wire, to the letter: every message, event and error as it is written, read, and written again.
#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps says by it what it takes for granted"
)]

#[macro_use]
mod texts;

mod client;
mod event;
mod problem;
mod server;
mod snapshot;

use serde::{Serialize, de::DeserializeOwned};

/// What is written here is read as a `T` and written again exactly so.
#[track_caller]
fn golden<T: Serialize + DeserializeOwned>(text: &str) -> T {
    let value: T = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(serde_json::to_string(&value).unwrap(), text);
    value
}
