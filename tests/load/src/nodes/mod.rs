//! Several nodes: two of them on one Redis, as it keeps what was written.

pub mod catch_up;
mod creates;
mod database;
pub mod latency;
mod pair;
mod rounds;
mod xadd;

use anyhow::Result;

use crate::{
    args::Scale,
    creates::{Store, add},
    servers::{
        devteam,
        redis::{self, Flush},
    },
    stamp::Clock,
};
use catch_up::CatchUp;
use latency::Latency;
use pair::Pair;

/// What was measured on Redis with one setting.
#[derive(Debug)]
pub struct Setting {
    /// The setting.
    pub flush: Flush,
    /// From a write to a subscriber: every round, in the end the middle one.
    pub latency: Vec<Latency>,
    /// Creates through both nodes.
    pub nodes: Option<Store>,
    /// Entries as large, by Redis' own benchmark.
    pub redis: Option<Store>,
}

/// Everything that was measured, and a line for everything that wasn't.
#[derive(Debug, Default)]
pub struct Report {
    /// By setting of Redis.
    pub settings: Vec<Setting>,
    /// Who caught up with what was written: every round, in the end the middle one of each.
    pub catch_up: Vec<CatchUp>,
    /// Why something is missing, and how to get it.
    pub skipped: Vec<String>,
}

/// Measures in rounds, on both settings of Redis in turns.
///
/// # Errors
/// The product and Redis are there and do not work together.
pub async fn run(scale: &Scale, clock: Clock) -> Result<Report> {
    let mut report = Report {
        settings: [Flush::Always, Flush::EverySecond].map(Setting::new).into(),
        ..Report::default()
    };
    for number in 0..scale.rounds {
        match round(scale, clock, number, &mut report).await {
            Ok(()) => {}
            Err(error) if devteam::is_given() && redis::is_there() => {
                return Err(error.context("two nodes"));
            }
            Err(error) => {
                return Ok(Report {
                    skipped: vec![format!("two nodes skipped: {error:#}")],
                    ..Report::default()
                });
            }
        }
    }
    Ok(report.finished(&scale.clients))
}

/// One round: a fresh Redis with fresh nodes for each setting.
async fn round(scale: &Scale, clock: Clock, number: u32, report: &mut Report) -> Result<()> {
    for setting in &mut report.settings {
        let mut pair = Pair::start(&scale.place(), scale.lanes, setting.flush).await?;
        let latency = latency::measure(&mut pair, scale, clock, number).await?;
        setting.latency.push(latency);
        let (nodes, redis) = creates::measure(&mut pair, scale).await?;
        add(&mut setting.nodes, nodes);
        add(&mut setting.redis, redis);
        // Reading does not depend on when what is read was flushed: once a round is enough.
        if setting.flush == Flush::Always {
            creates::fill(&mut pair, scale).await?;
            let caught_up = catch_up::measure(&pair, &scale.place(), &mut report.skipped).await?;
            report.catch_up.extend(caught_up);
        }
    }
    Ok(())
}

impl Setting {
    fn new(flush: Flush) -> Self {
        Self {
            flush,
            latency: Vec::new(),
            nodes: None,
            redis: None,
        }
    }

    fn finished(self, clients: &[usize]) -> Self {
        Self {
            flush: self.flush,
            latency: latency::middle(self.latency).into_iter().collect(),
            nodes: self.nodes.map(|store| store.finished(clients)),
            redis: self.redis.map(|store| store.finished(clients)),
        }
    }
}

impl Report {
    /// With the middle of all rounds.
    fn finished(self, clients: &[usize]) -> Self {
        let settings = self.settings.into_iter();
        Self {
            settings: settings.map(|setting| setting.finished(clients)).collect(),
            catch_up: catch_up::middles(self.catch_up),
            skipped: self.skipped,
        }
    }
}
