//! The program `devteam`: reads what it is to do, and starts it.

use std::{io::Write, process::ExitCode};

use backend::{
    app::{Application, prepare_process, start_logging},
    config::{Cli, Command, Serve},
};
use clap::Parser;
use mimalloc::MiMalloc;
use tokio::signal::unix::{SignalKind, signal};

/// Every command makes and drops many small things, on several threads; the system's allocator takes a fifth of its
/// time for that, this one much less.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // Wrong usage ends here, with status 2.
    let Command::Serve(config) = Cli::parse().command;
    start_logging(config.log_format);
    match actix_web::rt::System::new().block_on(serve(&config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("devteam: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(config: &Serve) -> Result<(), Box<dyn std::error::Error>> {
    prepare_process()?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let application = Application::build(config).await?;
    announce(&application);
    Ok(application.run(stop).await?)
}

/// The first line on standard output, which programs that start this one wait for.
fn announce(application: &Application) {
    let mut stdout = std::io::stdout().lock();
    let line = writeln!(stdout, "listening on http://{}", application.address())
        .and_then(|()| stdout.flush());
    if let Err(error) = line {
        tracing::warn!(%error, "nobody reads standard output");
    }
}
