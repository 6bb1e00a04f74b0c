//! `load`: the benchmark tables. `cargo xtask bench` builds the server and runs this.

mod args;
mod client;
mod creates;
mod fanout;
mod limits;
mod nodes;
mod report;
mod servers;
mod stamp;
mod thread;
mod usage;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use args::{Arguments, Scale, What};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let scale = arguments.scale.decide();
    // Whatever ends the run, the handles of the servers are dropped, and that stops them and deletes their files.
    let result = tokio::select! {
        result = run(arguments.what.unwrap_or(What::All), &scale) => result,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
        error = terminated() => Err(error),
    };
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}

/// Waits for SIGTERM.
async fn terminated() -> anyhow::Error {
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            terminate.recv().await;
            anyhow::anyhow!("terminated")
        }
        Err(error) => error.into(),
    }
}

async fn run(what: What, scale: &Scale) -> Result<()> {
    limits::allow_files(scale.files())?;
    report::heading(scale);
    if matches!(what, What::Fanout | What::All) {
        let results = fanout::run(scale, stamp::Clock::start()).await?;
        report::fanout::print(&results, scale);
    }
    if matches!(what, What::Creates | What::All) {
        report::creates::print(&creates::run(scale).await?, scale);
    }
    if matches!(what, What::Nodes | What::All) {
        let report = nodes::run(scale, stamp::Clock::start()).await?;
        report::nodes::print(&report, scale);
    }
    Ok(())
}
