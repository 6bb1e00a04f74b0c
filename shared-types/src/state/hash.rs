//! A fingerprint of the whole model, to compare replicas by.

use std::fmt::Write;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Organization;

impl Organization {
    /// Hex SHA-256 of the saved form: equal on every replica that has applied the same events.
    pub fn state_hash(&self) -> String {
        hash_json(&self.save())
    }
}

/// Hex SHA-256 of a value's JSON.
pub(crate) fn hash_json(value: &impl Serialize) -> String {
    // Everything hashed here is made of plain structs with string keys, which always serialise.
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    Sha256::digest(&bytes)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string does not fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
