//! Durable creates: how many a second, by how many clients wait for their own.

mod devteam;
mod disk;
mod pgbench;

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::spawn_blocking;

use crate::{args::Scale, servers};

/// One measurement.
#[derive(Clone, Debug)]
pub struct Creates {
    /// How many clients, each waiting for the answer before its next create.
    pub clients: usize,
    /// Acknowledged creates a second.
    pub per_second: f64,
    /// Mean time to the answer, in milliseconds.
    pub mean: f64,
    /// The slowest hundredth's fastest, in milliseconds, where it is known.
    pub p99: Option<f64>,
    /// Processor time of the server for one create, in microseconds.
    pub server_micros: f64,
    /// What went wrong, in words.
    pub trouble: Option<String>,
}

/// A store and its measurements.
#[derive(Clone, Debug)]
pub struct Store {
    /// With its version and what matters of its settings.
    pub name: String,
    /// By number of clients.
    pub creates: Vec<Creates>,
}

/// Everything that was measured, and a line for everything that wasn't.
#[derive(Debug, Default)]
pub struct Report {
    /// The product.
    pub devteam: Option<Store>,
    /// PostgreSQL.
    pub postgres: Option<Store>,
    /// Appends with a flush each that the disk makes a second, one after the other.
    pub disk: Option<f64>,
    /// Why one is missing, and how to get it.
    pub skipped: Vec<String>,
}

/// Measures what can be started.
///
/// # Errors
/// The product was given and does not work.
pub async fn run(scale: &Scale) -> Result<Report> {
    let mut report = Report::default();
    let place = scale.place();
    let directory = place.directory("disk")?;
    let length = scale.window().min(Duration::from_secs(2));
    eprintln!("disk: appends with a flush each");
    report.disk = Some(spawn_blocking(move || disk::measure(directory.path(), length)).await??);

    if std::env::var_os("DEVTEAM_BIN").is_some() {
        report.devteam = Some(devteam::measure(scale).await.context("devteam")?);
    } else if let Err(error) = servers::devteam::binary() {
        report.skipped.push(format!("devteam skipped: {error:#}"));
    }
    match pgbench::measure(scale).await {
        Ok(store) => report.postgres = Some(store),
        Err(error) => report
            .skipped
            .push(format!("PostgreSQL skipped: {error:#}")),
    }
    Ok(report)
}
