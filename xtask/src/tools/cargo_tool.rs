//! Tools that are Rust programs.

use std::fs;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::Command;

use super::cache::Cache;
use crate::failure::{Failure, Result, while_doing};
use crate::{place, shell};

/// A program from a package registry for Rust, in one exact version.
pub struct CargoTool {
    package: &'static str,
    program: &'static str,
    version: String,
    /// More arguments of `cargo install`.
    args: &'static [&'static str],
    /// On 2 cores.
    takes: &'static str,
}

/// Builds the app. 0.22 needs a newer compiler; its features only add ways to download what we install here.
pub fn trunk() -> CargoTool {
    CargoTool {
        package: "trunk",
        program: "trunk",
        version: "0.21.14".to_owned(),
        args: &["--no-default-features"],
        takes: "2 min, or 9 beside the server",
    }
}

/// Makes the JavaScript side of the app; must have exactly the version of the library.
pub fn wasm_bindgen() -> Result<CargoTool> {
    let version = locked_version("wasm-bindgen")?;
    Ok(CargoTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version,
        // The program alone, without what runs tests in browsers and downloads their drivers.
        args: &["--no-default-features", "--bin", "wasm-bindgen"],
        takes: "1.5 min",
    })
}

/// Takes the app apart; must understand the marks of the library `wasm_split_helpers`.
pub fn wasm_split() -> CargoTool {
    CargoTool {
        package: "wasm_split_cli_support",
        program: "wasm-split-cli",
        version: "0.2.4".to_owned(),
        args: &["--features", "build-binary"],
        takes: "1 min",
    }
}

/// Licences, banned crates, sources.
pub fn deny() -> CargoTool {
    let version = "0.20.2".to_owned();
    CargoTool {
        package: "cargo-deny",
        program: "cargo-deny",
        version,
        args: &[],
        takes: "4 min",
    }
}

/// Unused dependencies.
pub fn machete() -> CargoTool {
    let version = "0.9.2".to_owned();
    CargoTool {
        package: "cargo-machete",
        program: "cargo-machete",
        version,
        args: &[],
        takes: "1 min",
    }
}

impl CargoTool {
    /// Installs the tool if need be; returns the directory it is in.
    pub fn ensure(&self, cache: &Cache) -> Result<PathBuf> {
        let name = format!("{}-{}", self.package, self.version);
        let folder = cache.folder(&name, |root| {
            if let Some(dir) = self.already_on_path() {
                // Not copied: a link is enough to find it at once the next time.
                return link(&dir.join(self.program), &root.join("bin"), self.program);
            }
            eprintln!(
                "    {} {} is missing: compiling it, about {}",
                self.program, self.version, self.takes
            );
            // Unoptimised: these tools run for seconds, optimising them takes minutes.
            let mut install =
                shell::cargo(&["install", "--locked", "--debug", "--version", &self.version]);
            install
                .args(self.args)
                .arg("--root")
                .arg(root)
                .arg("--target-dir")
                .arg(cache.build_dir())
                .arg(self.package);
            for spared in ["DEBUG", "DEBUG_ASSERTIONS", "OVERFLOW_CHECKS"] {
                install.env(format!("CARGO_PROFILE_DEV_{spared}"), "false");
            }
            if !std::io::stderr().is_terminal() {
                // A line per crate is progress to a person and noise in a log.
                install.arg("--quiet");
            }
            shell::run(&mut install).map_err(|failure| failure.advise(self.by_hand()))
        })?;
        let bin = folder.join("bin");
        if bin.join(self.program).exists() {
            return Ok(bin);
        }
        // A link to a tool that has been removed since.
        fs::remove_dir_all(&folder)
            .map_err(while_doing(format!("removing {}", folder.display())))?;
        self.ensure(cache)
    }

    fn already_on_path(&self) -> Option<PathBuf> {
        let program = place::on_path(self.program)?;
        let said = shell::output(Command::new(&program).arg("--version")).ok()?;
        let right = said.split_whitespace().any(|word| word == self.version);
        if right {
            program.parent().map(PathBuf::from)
        } else {
            None
        }
    }

    fn by_hand(&self) -> String {
        let args = self
            .args
            .iter()
            .map(|arg| format!(" {arg}"))
            .collect::<String>();
        format!(
            "get the network to work, or: cargo install --locked {} --version {}{args}",
            self.package, self.version
        )
    }
}

fn link(program: &std::path::Path, bin: &std::path::Path, name: &str) -> Result {
    let doing = format!("linking {}", program.display());
    fs::create_dir_all(bin).map_err(while_doing(&doing))?;
    #[cfg(unix)]
    let linked = std::os::unix::fs::symlink(program, bin.join(name));
    #[cfg(not(unix))]
    let linked = fs::copy(program, bin.join(name)).map(|_| ());
    linked.map_err(while_doing(&doing))
}

/// The version of a package in Cargo.lock.
fn locked_version(package: &str) -> Result<String> {
    let file = place::root().join("Cargo.lock");
    let lock =
        fs::read_to_string(&file).map_err(while_doing(format!("reading {}", file.display())))?;
    version_in(&lock, package)
        .ok_or_else(|| Failure::new(format!("Cargo.lock has no package {package}")))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?;
    version.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_version_is_that_of_exactly_the_package_named() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.79\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.129"));
        assert_eq!(version_in(lock, "wasm"), None);
    }
}
