//! What a person types: `cargo xtask <command>`; `cargo xtask help` lists the commands.
//!
//! This crate has no dependencies on purpose: it is the first thing a newcomer compiles.

mod app;
mod bench;
mod check;
mod failure;
mod failures;
mod place;
mod precompress;
mod profile;
mod run;
mod server;
mod shell;
mod split;
mod step;
mod test;
mod tools;

use std::process::ExitCode;

use failure::{Failure, Result};

/// Usage, summary, and what does it.
type Command = (&'static str, &'static str, fn(&[String]) -> Result);

const COMMANDS: &[Command] = &[
    (
        "run [-- <args of devteam serve>]",
        "build everything and start the server with the demo",
        run::run,
    ),
    (
        "build",
        "the same without starting: the app in dist/, the server in release",
        run::build,
    ),
    (
        "test [<args of cargo test>]",
        "install what tests need, then run all of them",
        test::test,
    ),
    (
        "check",
        "the full gate, as CI runs it: format, lints, docs, licences, tests",
        check::check,
    ),
    (
        "bench [page | <args of load>]",
        "measure the page, or the server beside Nchan, NATS, PostgreSQL and Redis",
        bench::bench,
    ),
    ("help", "this list", help),
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(failure.status())
        }
    }
}

fn dispatch(args: &[String]) -> Result {
    let (name, rest) = match args {
        [] => ("help", args),
        [name, rest @ ..] if name == "-h" || name == "--help" => ("help", rest),
        [name, rest @ ..] => (name.as_str(), rest),
    };
    for (usage, _, command) in COMMANDS {
        if usage.split(' ').next() == Some(name) {
            return command(rest);
        }
    }
    Err(Failure::usage(format!("there is no command `{name}`")))
}

fn help(args: &[String]) -> Result {
    if let Some(surplus) = args.first() {
        return Err(Failure::usage(format!("`help` takes no `{surplus}`")));
    }
    println!("cargo xtask <command>\n");
    for (usage, summary, _) in COMMANDS {
        println!("  {usage:<34} {summary}");
    }
    Ok(())
}
