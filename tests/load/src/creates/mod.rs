//! Durable creates: how many a second, by how many clients wait for their own.

pub mod devteam;
mod disk;
pub mod meter;
mod pgbench;

use std::time::Duration;

use anyhow::Result;
use tokio::task::spawn_blocking;

use crate::{args::Scale, servers};

/// One measurement.
#[derive(Clone, Debug)]
pub struct Creates {
    /// How many clients, each waiting for the answer before its next create.
    pub clients: usize,
    /// Acknowledged creates a second.
    pub per_second: f64,
    /// The lowest and the highest of that in all rounds.
    pub range: (f64, f64),
    /// Mean time to the answer, in milliseconds.
    pub mean: f64,
    /// The slowest hundredth's fastest, in milliseconds, where it is known.
    pub p99: Option<f64>,
    /// Processor time of the server for one create, in microseconds.
    pub server_micros: f64,
    /// Cores' worth that the clients took.
    pub client_cores: f64,
    /// Cores' worth that processes took which have nothing to do with the measurement.
    pub other_cores: f64,
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
    /// Writes with a flush each that the disk makes a second, one after the other.
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
    eprintln!("disk: writes with a flush each");
    report.disk = Some(spawn_blocking(move || disk::measure(directory.path(), length)).await??);

    for _ in 0..scale.rounds {
        match devteam::measure(scale).await {
            Ok(round) => add(&mut report.devteam, round),
            Err(error) if servers::devteam::is_given() => return Err(error.context("devteam")),
            Err(error) => skip(&mut report.skipped, format!("devteam skipped: {error:#}")),
        }
        match pgbench::measure(scale).await {
            Ok(round) => add(&mut report.postgres, round),
            Err(error) => skip(
                &mut report.skipped,
                format!("PostgreSQL skipped: {error:#}"),
            ),
        }
    }
    report.devteam = report.devteam.map(|store| store.finished(&scale.clients));
    report.postgres = report.postgres.map(|store| store.finished(&scale.clients));
    Ok(report)
}

/// Adds a round to those before.
pub fn add(store: &mut Option<Store>, round: Store) {
    match store {
        Some(store) => store.creates.extend(round.creates),
        None => *store = Some(round),
    }
}

/// Says it once, not every round.
pub fn skip(skipped: &mut Vec<String>, line: String) {
    if !skipped.contains(&line) {
        skipped.push(line);
    }
}

impl Store {
    /// With the middle round of each number of clients; of an even number of rounds the worse of the two.
    pub fn finished(self, clients: &[usize]) -> Self {
        let middle = |clients: &usize| {
            let mut rounds: Vec<&Creates> = self
                .creates
                .iter()
                .filter(|creates| creates.clients == *clients)
                .collect();
            rounds.sort_by(|one, other| other.per_second.total_cmp(&one.per_second));
            let (most, least) = (rounds.first()?.per_second, rounds.last()?.per_second);
            let trouble = rounds.iter().find_map(|creates| creates.trouble.clone());
            let row = rounds.get(rounds.len() / 2).copied()?.clone();
            Some(Creates {
                range: (least, most),
                trouble,
                ..row
            })
        };
        let creates = clients.iter().filter_map(middle).collect();
        Self {
            name: self.name,
            creates,
        }
    }
}
