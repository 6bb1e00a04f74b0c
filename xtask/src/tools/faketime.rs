//! libfaketime, for the tests of clocks that differ.

use std::fs;
use std::path::PathBuf;

use super::apt;
use crate::failure::{Failure, Result};
use crate::step::step;

/// Where the library is; Debian's package is installed when it is missing.
pub fn ensure_faketime() -> Result<PathBuf> {
    step("libfaketime", "1 min", super::ADVICE, || {
        if let Some(library) = find() {
            return Ok(library);
        }
        apt::install("libfaketime", &["libfaketime"])?;
        find().ok_or_else(|| Failure::new("libfaketime is installed and yet not found"))
    })
}

/// Debian has a directory for each architecture.
fn find() -> Option<PathBuf> {
    let architectures = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    architectures
        .map(|entry| entry.path().join("faketime/libfaketime.so.1"))
        .find(|library| library.is_file())
}
