//! The program `devteam`: reads what it is to do, and starts it.

use std::{io::Write, process::ExitCode};

use backend::{
    agents::work_elsewhere,
    app::{
        Application, choose_cryptography, keep_files_private, manage_accounts, prepare_process,
        start_logging,
    },
    assets::Files,
    config::{Cli, Command, LogFormat, Serve},
    sql, transfer,
};
use clap::Parser;
use mimalloc::MiMalloc;
use rust_embed::RustEmbed;
use tokio::signal::unix::{SignalKind, signal};

/// Every command makes and drops many small things, on several threads; the system's allocator takes a fifth of its
/// time for that, this one much less.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What `dist` had when the program was built; nothing, if there was none. Here and not in the library, which can so be
/// compiled before the app is.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct App;

fn built_in() -> Files {
    let file = |name: std::borrow::Cow<'static, str>| {
        Some((name.to_string(), App::get(&name)?.data.into_owned()))
    };
    App::iter().filter_map(file).collect()
}

fn main() -> ExitCode {
    // Wrong usage ends here, with status 2.
    let command = Cli::parse().command;
    start_logging(match &command {
        Command::Serve(config) => config.log_format,
        Command::Account(_) | Command::Export(_) | Command::Import(_) => LogFormat::Text,
        Command::DatabaseAgent(config) => config.log_format,
        Command::Worker(config) => config.log_format,
    });
    choose_cryptography();
    keep_files_private();
    match actix_web::rt::System::new().block_on(run(&command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("devteam: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: &Command) -> Result<(), Box<dyn std::error::Error>> {
    match command {
        Command::Serve(config) => serve(config).await,
        Command::Account(command) => Ok(manage_accounts(command).await?),
        Command::Export(config) => Ok(transfer::export(config).await?),
        Command::Import(config) => Ok(transfer::import(config).await?),
        Command::DatabaseAgent(config) => Ok(sql::run(config, told_to_stop()?).await?),
        Command::Worker(config) => Ok(work_elsewhere(config, told_to_stop()?).await?),
    }
}

async fn serve(config: &Serve) -> Result<(), Box<dyn std::error::Error>> {
    prepare_process()?;
    let stop = told_to_stop()?;
    let application = Application::build(config, built_in()).await?;
    announce(&application);
    Ok(application.run(stop).await?)
}

/// Ends with SIGTERM or SIGINT.
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// The first line on standard output, which programs that start this one wait for; and, where there is no account yet,
/// the link with which the first one is made. That is for whoever started this, and is in no log.
fn announce(application: &Application) {
    let mut stdout = std::io::stdout().lock();
    let address = application.address();
    let mut lines = || {
        writeln!(stdout, "listening on http://{address}")?;
        if let Some(path) = application.set_up_path() {
            writeln!(stdout, "set up at http://{address}{path}")?;
        }
        stdout.flush()
    };
    if let Err(error) = lines() {
        tracing::warn!(%error, "nobody reads standard output");
    }
}
