//! The server's program.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::failure::{Failure, Result, while_doing};
use crate::profile::Profile;
use crate::step::step;
use crate::{place, shell};

const ADVICE: &str = "look at what the compiler says above";

fn cargo(profile: Profile, what: &[&str]) -> Command {
    let mut cargo = shell::cargo(&["build", "--profile", profile.server()]);
    cargo.args(["--package", "backend"]).args(what);
    cargo
}

/// The server being compiled while something else goes on: it takes longest, and needs nothing but a C compiler. Stopped
/// when it is dropped.
pub struct Compiling {
    child: Child,
    log: PathBuf,
}

impl Compiling {
    /// Begins to compile the library or the program.
    pub fn begin(profile: Profile, what: &[&str]) -> Result<Self> {
        let log = place::target()?.join("server.log");
        let doing = format!("writing {}", log.display());
        log.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .map_err(while_doing(&doing))?;
        let out = File::create(&log).map_err(while_doing(&doing))?;
        let err = out.try_clone().map_err(while_doing(&doing))?;
        let mut cargo = cargo(profile, what);
        eprintln!(
            "==> the server is compiled meanwhile (up to 12 min from nothing); what the compiler says goes to {}",
            log.display()
        );
        eprintln!("    $ {}", shell::line(&cargo));
        let child = cargo.stdin(Stdio::null()).stdout(out).stderr(err).spawn();
        let child = child.map_err(while_doing("starting cargo"))?;
        Ok(Self { child, log })
    }

    /// Waits for it.
    pub fn finish(mut self) -> Result {
        step("the server", "7 min", ADVICE, || {
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

impl Drop for Compiling {
    fn drop(&mut self) {
        // Gone already, if it is finished.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What cargo calls the library.
pub const LIBRARY: &[&str] = &["--lib"];
/// What cargo calls the program.
pub const PROGRAM: &[&str] = &["--bin", "devteam"];

/// Builds the program, with the app in dist/ in it; returns where it is.
pub fn build() -> Result<PathBuf> {
    step("the server's program", "6 min", ADVICE, || {
        shell::run(&mut cargo(Profile::Release, PROGRAM))
    })?;
    program(Profile::Release)
}

/// Where the program is.
pub fn program(profile: Profile) -> Result<PathBuf> {
    Ok(place::target()?.join(profile.server()).join("devteam"))
}

/// Builds it for tests, and the tests with it: together they share every library, apart some would be compiled twice.
pub fn build_with_tests() -> Result<PathBuf> {
    step(
        "the server and all tests: compiling them",
        "10 min",
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
