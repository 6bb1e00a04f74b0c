//! The server's program.

use std::path::PathBuf;

use crate::failure::Result;
use crate::step::step;
use crate::{place, shell};

const ADVICE: &str = "look at what the compiler says above";

/// Builds it for use; returns where it is.
pub fn build_release() -> Result<PathBuf> {
    step(
        "the server: compiling it, optimised",
        "6 min",
        ADVICE,
        || {
            shell::run(&mut shell::cargo(&[
                "build",
                "--release",
                "--package",
                "backend",
                "--bin",
                "devteam",
            ]))
        },
    )?;
    Ok(place::target()?.join("release").join("devteam"))
}

/// Builds it for tests, and the tests with it: together they share every library, apart some would be compiled twice.
pub fn build_with_tests() -> Result<PathBuf> {
    step(
        "the server and all tests: compiling them",
        "5 min",
        ADVICE,
        || {
            shell::run(&mut shell::cargo(&[
                "build",
                "--workspace",
                "--bins",
                "--tests",
            ]))
        },
    )?;
    Ok(place::target()?.join("debug").join("devteam"))
}
