//! Packages of Python, each in an environment of its own.

use std::path::PathBuf;
use std::process::Command;

use super::apt;
use super::cache::Cache;
use crate::failure::Result;
use crate::shell;
use crate::step::step;

/// The client of the Model Context Protocol that its makers publish, for the tests of `/mcp`.
const MCP: &str = "mcp==2.3.0";

/// A Python that has it.
pub fn ensure_mcp() -> Result<PathBuf> {
    step("MCP's client, in Python", "1 min", super::ADVICE, || {
        Ok(ensure(&Cache::open()?, MCP)?.join("bin/python"))
    })
}

/// The environment with a package (`name==version`); it is made when it is missing.
pub fn ensure(cache: &Cache, package: &str) -> Result<PathBuf> {
    cache.folder(&package.replace("==", "-"), |dir| {
        // Debian's Python comes without what makes environments.
        let probe = ["-c", "import ensurepip, venv"];
        if shell::output(Command::new("python3").args(probe)).is_err() {
            apt::install("Python with venv", &["python3-venv"])?;
        }
        shell::run(Command::new("python3").args(["-m", "venv"]).arg(dir))?;
        shell::run(Command::new(dir.join("bin/pip")).args(["install", "--quiet", package]))
    })
}
