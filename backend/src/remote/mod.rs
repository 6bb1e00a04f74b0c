//! What programs have in common that work with a server elsewhere: where it is, and the token they show.

mod url;

use std::{fmt, io, path::Path};

pub use url::ServerUrl;

/// A token as it is shown. It is in no log and no error.
#[derive(Clone)]
pub struct ShownToken(String);

impl ShownToken {
    /// The token in a file, which has nothing else.
    pub fn read(path: &Path) -> io::Result<Self> {
        let text = std::fs::read_to_string(path)?;
        Ok(Self(text.trim().to_owned()))
    }

    /// As `Authorization` has it.
    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.0)
    }
}

impl fmt::Debug for ShownToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShownToken")
    }
}
