//! The command line.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};

use crate::{
    fanout::{Contender, measure::Timing},
    servers::Place,
};

/// Measures the product beside Nchan, NATS, PostgreSQL and Redis, with the same clients in one run.
///
/// The server's binary comes from DEVTEAM_BIN; `cargo xtask bench` builds it and sets that. What can't be started is
/// skipped with a line that says how to get it: nginx with Nchan (NGINX, NCHAN_MODULE), the NATS server (NATS_SERVER),
/// PostgreSQL (PG_BIN_DIR), Redis (REDIS_SERVER), each also found on the PATH.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Arguments {
    /// What to measure.
    #[command(subcommand)]
    pub what: Option<What>,
    /// How much of it.
    #[command(flatten)]
    pub scale: Options,
}

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum What {
    /// Messages to many subscribers on one topic.
    Fanout,
    /// Durable creates.
    Creates,
    /// Two nodes on one Redis: latency between them, durable creates through both, and catching up.
    Nodes,
    /// Everything; also when nothing is said.
    All,
}

/// What can be said about the scale; each has its default, which `--quick` lowers.
#[derive(Debug, Args)]
pub struct Options {
    /// A smoke run of a few seconds: small numbers, worth nothing as figures.
    #[arg(long, global = true)]
    quick: bool,
    /// Subscribers on the topic [default: 1000].
    #[arg(long, global = true)]
    subscribers: Option<usize>,
    /// Messages offered a second, several with commas [default: 100,1000].
    #[arg(long, global = true, value_delimiter = ',')]
    rates: Option<Vec<u32>>,
    /// Seconds that are measured for each figure [default: 5].
    #[arg(long, global = true)]
    seconds: Option<u64>,
    /// How often everything is measured, in turns; the middle round is shown [default: 3].
    #[arg(long, global = true)]
    rounds: Option<u32>,
    /// Idle connections to measure memory at, rising, several with commas; 0 for none [default: 1000,2000,4000].
    #[arg(long, global = true, value_delimiter = ',')]
    idle: Option<Vec<usize>>,
    /// Writers of the product that may wait for the journal at the same time [default: 32].
    #[arg(long, global = true)]
    lanes: Option<usize>,
    /// Bytes of the baselines' small payload.
    #[arg(long, global = true, default_value_t = 200, value_parser = clap::value_parser!(u32).range(32..=65_536))]
    payload: u32,
    /// Bytes of the product's events, for the baselines' second payload where the product is not measured.
    #[arg(long, global = true, default_value_t = 750, value_parser = clap::value_parser!(u32).range(32..=65_536))]
    event_bytes: u32,
    /// Clients that create, several with commas [default: 1,16,128].
    #[arg(long, global = true, value_delimiter = ',')]
    clients: Option<Vec<usize>>,
    /// Events that a node and the database agent catch up with, at least [default: 100000].
    #[arg(long, global = true)]
    events: Option<u64>,
    /// Fan-out of these only, several with commas.
    #[arg(long, global = true, value_delimiter = ',')]
    only: Vec<Contender>,
    /// Where temporary data goes; it should be the kind of disk that is used in earnest, not memory.
    #[arg(long, global = true)]
    dir: Option<PathBuf>,
}

/// How much is measured, everything decided.
#[derive(Clone, Debug)]
pub struct Scale {
    /// Subscribers on the topic.
    pub subscribers: usize,
    /// Messages offered a second.
    pub rates: Vec<u32>,
    /// Idle connections, rising.
    pub idle: Vec<usize>,
    /// Writers of the product.
    pub lanes: usize,
    /// Bytes of the small payload.
    pub payload: usize,
    /// Bytes of the other one, until the product's are known.
    pub event_bytes: usize,
    /// Clients that create.
    pub clients: Vec<usize>,
    /// Events to catch up with, at least.
    pub events: u64,
    /// The only servers of the fan-out; none for all.
    pub only: Vec<Contender>,
    /// How often.
    pub rounds: u32,
    /// Whether this is only a smoke run.
    pub quick: bool,
    seconds: u64,
    dir: Option<PathBuf>,
}

impl Options {
    /// Fills in the defaults.
    pub fn decide(self) -> Scale {
        let quick = self.quick;
        let idle = self.idle.unwrap_or(if quick {
            vec![50, 100]
        } else {
            vec![1_000, 2_000, 4_000]
        });
        Scale {
            subscribers: self
                .subscribers
                .unwrap_or(if quick { 50 } else { 1_000 })
                .max(1),
            rates: rising(self.rates.unwrap_or(if quick {
                vec![20, 100]
            } else {
                vec![100, 1_000]
            })),
            idle: rising(idle),
            lanes: self.lanes.unwrap_or(if quick { 4 } else { 32 }).max(1),
            payload: self.payload as usize,
            event_bytes: self.event_bytes as usize,
            clients: rising(self.clients.unwrap_or(if quick {
                vec![1, 4]
            } else {
                vec![1, 16, 128]
            })),
            events: self.events.unwrap_or(if quick { 2_000 } else { 100_000 }),
            only: self.only,
            rounds: self.rounds.unwrap_or(if quick { 1 } else { 3 }).max(1),
            quick,
            seconds: self.seconds.unwrap_or(if quick { 1 } else { 5 }).max(1),
            dir: self.dir,
        }
    }
}

/// Without zeros, in rising order.
fn rising<T: Ord + Default>(mut values: Vec<T>) -> Vec<T> {
    values.retain(|value| *value > T::default());
    values.sort();
    values.dedup();
    values
}

impl Scale {
    /// What is measured for each figure.
    pub fn window(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// The window and what goes before it.
    pub fn timing(&self) -> Timing {
        Timing {
            warm_up: (self.window() / 4).min(Duration::from_secs(2)),
            window: self.window(),
        }
    }

    /// Where temporary data goes.
    pub fn place(&self) -> Place {
        Place {
            base: self.dir.clone(),
        }
    }

    /// Files that this process and each server may have to hold open: a socket for each connection, and some.
    pub fn files(&self) -> u64 {
        let most = self
            .idle
            .iter()
            .chain([&self.subscribers])
            .chain(&self.clients)
            .max()
            .copied()
            .unwrap_or(0);
        most as u64 + 512
    }
}
