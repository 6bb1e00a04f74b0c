use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use shared_types::directory::Proof;

/// So long that nobody finds one by trying: it needs no salt and no slow hash.
const BYTES: usize = 32;

/// A random secret: what a cookie, a token or a link carries. It is shown once and kept as its hash.
pub struct Secret(String);

impl Secret {
    /// A fresh one that begins with a word which says what it is, so that one found in the wrong place is recognised.
    pub fn draw(word: &str) -> Result<Self, getrandom::Error> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(format!(
            "{word}_{}",
            BASE64_URL_SAFE_NO_PAD.encode(bytes)
        )))
    }

    /// The text to show, once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn proof(&self) -> Proof {
        proof_of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What would be kept of what was shown. Looking it up by its hash tells nothing by the time it takes.
pub fn proof_of(shown: &str) -> Proof {
    let hash: String = Sha256::digest(shown.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Proof::from(hash)
}
