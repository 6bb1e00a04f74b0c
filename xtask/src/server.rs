//! The server's program.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::failure::{Failure, Result, while_doing};
use crate::step::step;
use crate::{place, shell};

const ADVICE: &str = "look at what the compiler says above";

/// How it is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// For use: the compiler takes its time.
    Release,
    /// For a first look: ready in half the time, and a little slower.
    Quick,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Quick => "quick",
        }
    }

    fn cargo(self, what: &[&str]) -> Command {
        let mut cargo = shell::cargo(&["build", "--profile", self.name(), "--package", "backend"]);
        cargo.args(what);
        cargo
    }
}

/// The server's library being compiled while something else goes on: it takes longest, and needs nothing but a C compiler.
/// Stopped when it is dropped.
pub struct Library {
    child: Child,
    log: PathBuf,
}

impl Library {
    /// Begins to compile it.
    pub fn begin(profile: Profile) -> Result<Self> {
        let log = place::target()?.join("server-library.log");
        let doing = format!("writing {}", log.display());
        log.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .map_err(while_doing(&doing))?;
        let out = File::create(&log).map_err(while_doing(&doing))?;
        let err = out.try_clone().map_err(while_doing(&doing))?;
        let mut cargo = profile.cargo(&["--lib"]);
        eprintln!(
            "==> the server's library is compiled meanwhile (up to 7 min from nothing); what the compiler says goes to {}",
            log.display()
        );
        eprintln!("    $ {}", shell::line(&cargo));
        let child = cargo.stdin(Stdio::null()).stdout(out).stderr(err).spawn();
        let child = child.map_err(while_doing("starting cargo"))?;
        Ok(Self { child, log })
    }

    /// Waits for it.
    pub fn finish(mut self) -> Result {
        step("the server's library", "7 min", ADVICE, || {
            let status = self
                .child
                .wait()
                .map_err(while_doing("waiting for cargo"))?;
            if status.success() {
                return Ok(());
            }
            let said = fs::read_to_string(&self.log).unwrap_or_default();
            eprintln!("{said}");
            Err(Failure::new(format!(
                "the server can't be compiled ({status})"
            )))
        })
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        // Gone already, if it is finished.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Builds the program, with the app in dist/ in it; returns where it is.
pub fn build(profile: Profile) -> Result<PathBuf> {
    step("the server's program", "6 min", ADVICE, || {
        shell::run(&mut profile.cargo(&["--bin", "devteam"]))
    })?;
    Ok(place::target()?.join(profile.name()).join("devteam"))
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
