//! Compresses once, as hard as it goes, what the server would else compress for every visitor.

use std::path::Path;
use std::process::Command;

use crate::failure::Result;
use crate::shell;

// Node is there for wasm-opt anyway and brings Brotli along: no crate for it to compile before everything else.
const SCRIPT: &str = include_str!("precompress.mjs");

/// Puts `<file>.br` and `<file>.gz` next to each file that gets smaller by it.
pub fn precompress(dist: &Path) -> Result {
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", SCRIPT, "--"])
        .arg(dist);
    let report = shell::output(&mut node)?;
    report.lines().for_each(|line| eprintln!("    {line}"));
    Ok(())
}
