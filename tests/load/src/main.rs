//! `load`: the benchmark tables. `cargo xtask bench` builds the server and runs this.

mod args;
mod client;
mod creates;
mod fanout;
mod limits;
mod report;
mod servers;
mod stamp;
mod thread;
mod usage;

use anyhow::Result;
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use args::{Arguments, Scale, What};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let scale = arguments.scale.decide();
    limits::allow_files(scale.files())?;
    let mut terminate = signal(SignalKind::terminate())?;
    // Whatever ends the run, the handles of the servers are dropped, and that stops them and deletes their files.
    tokio::select! {
        result = run(arguments.what.unwrap_or(What::All), &scale) => result,
        _ = tokio::signal::ctrl_c() => anyhow::bail!("interrupted"),
        _ = terminate.recv() => anyhow::bail!("terminated"),
    }
}

async fn run(what: What, scale: &Scale) -> Result<()> {
    report::heading(scale);
    if what != What::Creates {
        let results = fanout::run(scale, stamp::Clock::start()).await?;
        report::fanout::print(&results, scale);
    }
    if what != What::Fanout {
        report::creates::print(&creates::run(scale).await?);
    }
    Ok(())
}
