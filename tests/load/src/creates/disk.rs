//! The disk under both: without it nobody can tell a fast server from a disk that doesn't flush.

use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;

/// What one write writes: a page, as either store would at least.
const PAGE: [u8; 4096] = [0x5a; 4096];

/// Pages in the file, which is written round and round: 16 MiB.
const PAGES: u32 = 4096;

/// Page writes with `fdatasync` after each, a second, one after the other.
///
/// They go over a file that is already there in full, as both stores reuse the files of their logs: to make a file
/// longer costs the file system a flush more.
///
/// # Errors
/// The disk is full or read-only.
pub fn measure(directory: &Path, length: Duration) -> Result<f64> {
    let mut file = File::create(directory.join("log"))?;
    for _ in 0..PAGES {
        file.write_all(&PAGE)?;
    }
    file.sync_all()?;
    let start = Instant::now();
    let mut writes = 0_u32;
    while start.elapsed() < length {
        if writes.is_multiple_of(PAGES) {
            file.seek(SeekFrom::Start(0))?;
        }
        file.write_all(&PAGE)?;
        file.sync_data()?;
        writes += 1;
    }
    Ok(f64::from(writes) / start.elapsed().as_secs_f64())
}
