//! rustfmt and clippy, which a minimal toolchain lacks.

use std::process::Command;

use crate::failure::Result;
use crate::shell;

/// Adds the two through rustup if need be.
pub fn ensure() -> Result {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if shell::output(&mut shell::cargo(&[subcommand, "--version"])).is_ok() {
            continue;
        }
        eprintln!("    {component} is missing: adding it to the toolchain");
        let advice = format!(
            "without rustup: this system's package of {component} (on Debian: rust-clippy, rustfmt)"
        );
        shell::run(Command::new("rustup").args(["component", "add", component]))
            .map_err(|f| f.advise(advice))?;
    }
    Ok(())
}
