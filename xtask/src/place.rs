//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// The root of this checkout.
pub fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// The browser app as it is served.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Cargo's target directory: whatever set it (environment, configuration), this program was built in it.
pub fn target() -> Result<PathBuf> {
    let exe = env::current_exe().map_err(|e| Failure::new(format!("where am I: {e}")))?;
    match exe.ancestors().nth(2) {
        Some(target) => Ok(target.to_owned()),
        None => Err(Failure::new(format!(
            "{} is in no target directory",
            exe.display()
        ))),
    }
}

/// The project's cache of tools, shared by all checkouts of one user.
pub fn tools() -> Result<PathBuf> {
    let absolute = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    absolute("XDG_CACHE_HOME")
        .or_else(|| Some(absolute("HOME")?.join(".cache")))
        .map(|cache| cache.join("devteam").join("tools"))
        .ok_or_else(|| {
            Failure::new("there is no place to install tools in")
                .advise("set HOME or XDG_CACHE_HOME")
        })
}

/// The first program of that name in the directories of `PATH`.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|dir| dir.join(program))
        .find(|file| is_executable(file))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}
