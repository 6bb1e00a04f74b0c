//! `cargo xtask run` and `cargo xtask build`.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::profile::Profile;
use crate::server::{self, Compiling, LIBRARY, PROGRAM};
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
    ensure_c_compiler()?;
    let compiling = Compiling::begin(Profile::Quick, PROGRAM)?;
    app::build(&Toolbox::for_app(Profile::Quick)?, Profile::Quick)?;
    compiling.finish()?;
    let mut command = Command::new(server::program(Profile::Quick)?);
    command
        .current_dir(place::root())
        .args(server_args(extra, &app::folder(Profile::Quick)?));
    eprintln!("==> starting: {} (Ctrl-C stops it)", shell::line(&command));
    Err(become_process(&mut command))
}

/// Builds everything.
pub fn build(args: &[String]) -> Result {
    if let Some(surplus) = args.first() {
        return Err(Failure::usage(format!("`build` takes no `{surplus}`")));
    }
    ensure_c_compiler()?;
    let library = Compiling::begin(Profile::Release, LIBRARY)?;
    app::build(&Toolbox::for_app(Profile::Release)?, Profile::Release)?;
    library.finish()?;
    // With the app in it, so not before.
    let server = server::build()?;
    eprintln!(
        "==> built: the app in dist/, the server {}",
        server.display()
    );
    Ok(())
}

/// The demo in ./data with this app, unless other wishes are named.
fn server_args(extra: &[String], app: &Path) -> Vec<String> {
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
    if !named("--assets-dir") && env::var_os("DEVTEAM_ASSETS_DIR").is_none() {
        args.extend(["--assets-dir".to_owned(), app.display().to_string()]);
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
        let extra = ["--data-dir=/tmp/x".to_owned(), "--demo".to_owned()];
        assert_eq!(
            server_args(&extra, "app".as_ref()),
            [
                "serve",
                "--assets-dir",
                "app",
                "--data-dir=/tmp/x",
                "--demo"
            ]
        );
    }
}
