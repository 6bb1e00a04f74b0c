//! Running other programs: what is run is printed, so that it can be done by hand.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader};
use std::process::{Command, ExitStatus, Stdio};

use crate::failure::{Failure, Result};
use crate::place;

/// Cargo, in the root of the checkout: the one that runs this, or the one on `PATH`.
pub fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(place::root());
    // Set because xtask itself is run by cargo. Some subcommands take themselves for a program of this workspace by
    // them, and build scripts that look at them run again, with all that is built on theirs, after each change from
    // here to a cargo that a person calls.
    let own = ["CARGO_PKG_", "CARGO_MANIFEST_"];
    for (name, _) in std::env::vars_os() {
        if own
            .iter()
            .any(|own| name.to_string_lossy().starts_with(own))
        {
            command.env_remove(name);
        }
    }
    command
}

/// Prints the command, runs it without an input, and fails unless it succeeds.
pub fn run(command: &mut Command) -> Result {
    let line = announced(command);
    ended(&line, command.stdin(Stdio::null()).status())
}

/// As [`run`], and gives each line that it prints on standard output to `read` as well.
pub fn run_read(command: &mut Command, mut read: impl FnMut(&str)) -> Result {
    let line = announced(command);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let status = child.and_then(|mut child| {
        if let Some(stdout) = child.stdout.take() {
            let mut lines = BufReader::new(stdout).split(b'\n');
            while let Some(Ok(said)) = lines.next() {
                let said = String::from_utf8_lossy(&said);
                println!("{said}");
                read(&said);
            }
        }
        child.wait()
    });
    ended(&line, status)
}

fn announced(command: &Command) -> String {
    let line = line(command);
    eprintln!("    $ {line}");
    line
}

fn ended(line: &str, status: io::Result<ExitStatus>) -> Result {
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("`{line}` failed ({status})"))),
        Err(error) => Err(Failure::new(format!(
            "`{line}` could not be started: {error}"
        ))),
    }
}

/// Runs the command silently and returns what it printed; fails unless it succeeds.
pub fn output(command: &mut Command) -> Result<String> {
    let line = line(command);
    match command.stdin(Stdio::null()).output() {
        Ok(out) if out.status.success() => {
            Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
        }
        Ok(out) => {
            let said = String::from_utf8_lossy(&out.stderr).trim().to_owned();
            Err(Failure::new(format!(
                "`{line}` failed ({}): {said}",
                out.status
            )))
        }
        Err(error) => Err(Failure::new(format!(
            "`{line}` could not be started: {error}"
        ))),
    }
}

/// The command as one would type it.
pub fn line(command: &Command) -> String {
    let program = command.get_program();
    // The path of the toolchain's own cargo tells a reader nothing.
    let program = match std::path::Path::new(program).file_name() {
        Some(name) if name == "cargo" => name,
        _ => program,
    };
    let envs = command
        .get_envs()
        .filter(|(name, _)| *name != "PATH")
        .filter_map(|(name, value)| {
            let value = quoted(value?);
            Some(format!("{}={value}", name.to_string_lossy()))
        });
    let words = std::iter::once(program)
        .chain(command.get_args())
        .map(quoted);
    envs.chain(words).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "-_./=:,@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{word}'")
    }
}
