//! `cargo xtask run` and `cargo xtask build`.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::server::{self, Library, Profile};
use crate::tools::{Toolbox, ensure_c_compiler};
use crate::{app, place, shell};

/// Builds everything, then becomes the server.
pub fn run(args: &[String]) -> Result {
    let extra = match args {
        [] => args,
        [dashes, extra @ ..] if dashes == "--" => extra,
        [surplus, ..] => {
            return Err(Failure::usage(format!(
                "`{surplus}`: arguments for the server go after `--`"
            )));
        }
    };
    let mut command = Command::new(build_all(Profile::Quick)?);
    command.current_dir(place::root()).args(server_args(extra));
    eprintln!("==> starting: {} (Ctrl-C stops it)", shell::line(&command));
    Err(become_process(&mut command))
}

/// Builds everything.
pub fn build(args: &[String]) -> Result {
    if let Some(surplus) = args.first() {
        return Err(Failure::usage(format!("`build` takes no `{surplus}`")));
    }
    let server = build_all(Profile::Release)?;
    eprintln!(
        "==> built: the app in dist/, the server {}",
        server.display()
    );
    Ok(())
}

fn build_all(profile: Profile) -> Result<PathBuf> {
    ensure_c_compiler()?;
    let library = Library::begin(profile)?;
    app::build(&Toolbox::for_build()?)?;
    library.finish()?;
    server::build(profile)
}

/// The demo in ./data, unless other wishes are named.
fn server_args(extra: &[String]) -> Vec<String> {
    let named = |option: &str| {
        extra
            .iter()
            .any(|arg| arg.split('=').next() == Some(option))
    };
    let mut args = vec!["serve".to_owned()];
    if !named("--demo") {
        args.push("--demo".to_owned());
    }
    if !named("--data-dir") && env::var_os("DEVTEAM_DATA_DIR").is_none() {
        args.extend(["--data-dir".to_owned(), "./data".to_owned()]);
    }
    args.extend_from_slice(extra);
    args
}

/// With nothing of ours left in between, every signal reaches the server itself. Returns only when that failed.
#[cfg(unix)]
fn become_process(command: &mut Command) -> Failure {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Failure::new(format!(
        "`{}` could not be started: {error}",
        shell::line(command)
    ))
}

#[cfg(not(unix))]
fn become_process(command: &mut Command) -> Failure {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => Failure::new(format!(
            "`{}` could not be started: {error}",
            shell::line(command)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::server_args;

    #[test]
    fn what_is_named_after_the_dashes_is_not_named_twice() {
        let args = server_args(&["--data-dir=/tmp/x".to_owned(), "--demo".to_owned()]);
        assert_eq!(args, ["serve", "--data-dir=/tmp/x", "--demo"]);
    }
}
