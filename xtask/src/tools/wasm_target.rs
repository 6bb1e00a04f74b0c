//! The standard library for wasm32.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::shell;

/// The target's name.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Where the standard library for wasm32 comes from.
pub enum Std {
    /// The toolchain has it.
    Installed,
    /// Its source is there: cargo builds it along (30 s, once), the way the app wants it.
    FromSource,
}

/// Its source where that can be had, for a smaller app; else what there is.
pub fn prefer_source() -> Result<Std> {
    if !has_source()? {
        eprintln!(
            "    the source of the standard library is missing: adding it to the toolchain, a few seconds"
        );
        // Without it the app is a sixth larger, and else the same.
        let _ = shell::run(Command::new("rustup").args(["component", "add", "rust-src"]));
    }
    if has_source()? {
        Ok(Std::FromSource)
    } else {
        ensure()
    }
}

/// Finds it, or adds it through rustup.
pub fn ensure() -> Result<Std> {
    if is_installed()? {
        return Ok(Std::Installed);
    }
    eprintln!("    {TARGET} is missing: adding it to the toolchain, a few seconds");
    let refused = match shell::run(Command::new("rustup").args(["target", "add", TARGET])) {
        Ok(()) => return Ok(Std::Installed),
        Err(failure) => failure,
    };
    if !has_source()? {
        // Its failure is not worth more words than the first one.
        let _ = shell::run(Command::new("rustup").args(["component", "add", "rust-src"]));
    }
    if has_source()? {
        eprintln!(
            "    it can't be had ({refused}), but its source is here: cargo builds it along, 30 s once"
        );
        return Ok(Std::FromSource);
    }
    Err(refused.advise(format!(
        "get `rustup target add {TARGET}` to work; a Rust from Debian has it in the package libstd-rust-dev-wasm32; \
         or put the library's source of the very same version at {} (Debian: rust-src)",
        source()?.display()
    )))
}

fn is_installed() -> Result<bool> {
    let dir = rustc(&["--print", "target-libdir", "--target", TARGET])?;
    Ok(PathBuf::from(dir).is_dir())
}

fn has_source() -> Result<bool> {
    Ok(source()?.join("Cargo.lock").is_file())
}

fn source() -> Result<PathBuf> {
    Ok(PathBuf::from(rustc(&["--print", "sysroot"])?).join("lib/rustlib/src/rust/library"))
}

fn rustc(args: &[&str]) -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    shell::output(Command::new(rustc).args(args)).map_err(|_| {
        Failure::new(format!("`rustc {}` does not work", args.join(" ")))
            .advise("install Rust from https://rustup.rs")
    })
}
