//! Ids made here, so that what is created can be shown and spoken of before the server has answered.

use shared_types::value::{IdSource, Timestamp};
use uuid::Uuid;

/// A fresh UUIDv7.
pub fn fresh_uuid() -> Uuid {
    IdSource::new(now(), Uuid::new_v4().as_u128()).fresh()
}

/// Now, by this machine's clock.
pub fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}
