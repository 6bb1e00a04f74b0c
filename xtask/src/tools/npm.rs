//! Tools from npm, pinned with their checksums by xtask/npm/package-lock.json.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::process::Command;

use super::cache::Cache;
use crate::failure::{Result, while_doing};
use crate::shell;

const PACKAGE: &str = include_str!("../../npm/package.json");
const LOCK: &str = include_str!("../../npm/package-lock.json");

/// Installs them if need be; returns their `node_modules`.
pub fn ensure(cache: &Cache) -> Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    (PACKAGE, LOCK).hash(&mut hasher);
    let folder = cache.folder(&format!("npm-{:016x}", hasher.finish()), |dir| {
        eprintln!("    wasm-opt (from npm) is missing: installing it, a few seconds");
        for (name, text) in [("package.json", PACKAGE), ("package-lock.json", LOCK)] {
            fs::write(dir.join(name), text).map_err(while_doing(format!("writing {name}")))?;
        }
        let mut ci = Command::new("npm");
        ci.args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ])
        .current_dir(dir);
        shell::run(&mut ci)
            .map_err(|f| f.advise("get the network to work: npm must reach its registry"))
    })?;
    Ok(folder.join("node_modules"))
}
