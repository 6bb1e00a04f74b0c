//! The limit on open files: a benchmark of connections soon meets it.

use anyhow::{Context, Result, ensure};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Raises the limit as far as allowed. The servers inherit it.
///
/// # Errors
/// Less than `needed` is allowed.
pub fn allow_files(needed: u64) -> Result<()> {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    ensure!(
        hard >= needed,
        "{needed} open files are needed and {hard} allowed: raise `ulimit -Hn`, or measure fewer connections"
    );
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).context("raising the limit of open files")
}
