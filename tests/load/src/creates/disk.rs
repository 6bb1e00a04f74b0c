//! The disk under both: without it nobody can tell a fast server from a disk that doesn't flush.

use std::{
    fs::File,
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;

/// What one append writes: a page, as either store would at least.
const PAGE: [u8; 4096] = [0x5a; 4096];

/// Appends with `fdatasync` after each, a second.
///
/// # Errors
/// The disk is full or read-only.
pub fn measure(directory: &Path, length: Duration) -> Result<f64> {
    let mut file = File::create(directory.join("appends"))?;
    let start = Instant::now();
    let mut appends = 0_u32;
    while start.elapsed() < length {
        file.write_all(&PAGE)?;
        file.sync_data()?;
        appends += 1;
    }
    Ok(f64::from(appends) / start.elapsed().as_secs_f64())
}
