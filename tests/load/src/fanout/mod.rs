//! Fan-out: many subscribers on one topic, a message to all of them, over and over.

mod idle;
pub mod lane;
pub mod measure;
mod publisher;
mod rounds;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result};

use crate::{
    args::Scale,
    client::subscribers::Subscribers,
    servers::{Running, devteam, nats, nchan},
    stamp::Clock,
};
use idle::Idle;
use measure::Row;

/// The servers that can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Contender {
    /// The product, with its journal, rules and cursors in the path.
    Devteam,
    /// nginx's pub/sub module.
    Nchan,
    /// NATS with WebSocket subscribers.
    Nats,
}

impl Contender {
    /// As people write it.
    fn name(self) -> &'static str {
        match self {
            Self::Devteam => "devteam",
            Self::Nchan => "Nchan",
            Self::Nats => "NATS",
        }
    }
}

/// What the messages of a section are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Events of the product: the whole entity.
    Events,
    /// The small payload that fan-out is usually measured with.
    Small,
    /// As large as the product's events were in this run.
    LikeEvents,
}

/// One server with one payload: a memory figure and a row for each rate.
#[derive(Debug)]
pub struct Section {
    /// Which.
    pub contender: Contender,
    /// Its name with its version.
    pub name: String,
    /// With which messages.
    pub payload: Payload,
    /// Every round of every rate, as they come.
    rounds: Vec<Row>,
    /// What the rounds come to, by rate.
    pub rows: Vec<Row>,
    /// Memory by number of idle connections.
    pub idle: Vec<Idle>,
}

/// Everything that was measured, and a line for everything that wasn't.
#[derive(Debug, Default)]
pub struct FanOut {
    /// In the order of measuring.
    pub sections: Vec<Section>,
    /// Why a server is missing, and how to get it.
    pub skipped: Vec<String>,
}

/// Measures every server that can be started, in rounds: what makes the machine slower for a while then hits all alike.
///
/// # Errors
/// The product was given and does not work: that is a failure, where a missing baseline is only skipped.
pub async fn run(scale: &Scale, clock: Clock) -> Result<FanOut> {
    let mut results = FanOut::default();
    let mut sections = Vec::new();
    let mut event_bytes = scale.event_bytes;
    for (contender, payload) in LINE_UP {
        if !scale.only.is_empty() && !scale.only.contains(&contender) {
            continue;
        }
        let mut candidate = Candidate {
            contender,
            payload,
            bytes: 0,
        };
        candidate.bytes = if payload == Payload::Small {
            scale.payload
        } else {
            event_bytes
        };
        match candidate.first_round(scale, clock).await {
            Ok(section) => {
                if let (Payload::Events, Some(row)) = (payload, section.rounds.first()) {
                    event_bytes = row.message_bytes.round() as usize;
                }
                sections.push((candidate, section));
            }
            Err(error) if contender == Contender::Devteam && devteam::is_given() => {
                return Err(error.context("devteam"));
            }
            Err(error) => {
                let line = format!("{} skipped: {error:#}", contender.name());
                // It is the same for both payloads.
                if !results.skipped.contains(&line) {
                    results.skipped.push(line);
                }
            }
        }
    }
    for _ in 1..scale.rounds {
        for (candidate, section) in &mut sections {
            section
                .rounds
                .extend(candidate.round(scale, clock).await?.1);
        }
    }
    results.sections = sections
        .into_iter()
        .map(|(_, section)| section.finished(&scale.rates))
        .collect();
    Ok(results)
}

/// Who is measured with what. The product is first, because the size of its events decides a payload.
const LINE_UP: [(Contender, Payload); 5] = [
    (Contender::Devteam, Payload::Events),
    (Contender::Nchan, Payload::Small),
    (Contender::Nchan, Payload::LikeEvents),
    (Contender::Nats, Payload::Small),
    (Contender::Nats, Payload::LikeEvents),
];

/// One of the line-up, with the size of its messages.
struct Candidate {
    contender: Contender,
    payload: Payload,
    bytes: usize,
}

impl Candidate {
    /// Memory, and a first round.
    async fn first_round(&self, scale: &Scale, clock: Clock) -> Result<Section> {
        // Memory is measured on a server that has done nothing else; a busy one keeps what it once needed. The payload
        // makes no difference to an idle connection, so once a server is enough.
        let mut idle = Vec::new();
        if self.payload != Payload::LikeEvents && !scale.idle.is_empty() {
            eprintln!("{}: memory of idle connections", self.contender.name());
            let mut server = self.start(scale).await?;
            idle = idle::measure(&mut server, &scale.idle, clock)
                .await
                .context("idle connections")?;
        }
        let (name, rounds) = self.round(scale, clock).await?;
        Ok(Section {
            contender: self.contender,
            name,
            payload: self.payload,
            rounds,
            rows: Vec::new(),
            idle,
        })
    }

    /// A row for each rate, on a fresh server, and its name.
    async fn round(&self, scale: &Scale, clock: Clock) -> Result<(String, Vec<Row>)> {
        let mut server = self.start(scale).await?;
        let mut subscribers =
            Subscribers::start(server.address, server.dialect.clone(), clock).await?;
        subscribers.grow_to(scale.subscribers).await?;
        let mut rows = Vec::with_capacity(scale.rates.len());
        for &rate in &scale.rates {
            eprintln!(
                "{}: {} subscribers, {rate} messages/s offered",
                server.name, scale.subscribers
            );
            rows.push(
                measure::measure(&mut server, &subscribers, rate, scale.timing(), clock).await?,
            );
        }
        Ok((server.name.clone(), rows))
    }

    async fn start(&self, scale: &Scale) -> Result<Running> {
        match self.contender {
            Contender::Devteam => {
                devteam::start(&scale.place(), devteam::SQLITE, scale.lanes).await
            }
            Contender::Nchan => nchan::start(&scale.place(), self.bytes).await,
            Contender::Nats => nats::start(&scale.place(), self.bytes).await,
        }
    }
}

impl Section {
    /// With one row for each rate, made of all rounds.
    fn finished(mut self, rates: &[u32]) -> Self {
        let rounds = std::mem::take(&mut self.rounds);
        let at = |rate| {
            rounds
                .iter()
                .filter(|row| row.offered == rate)
                .cloned()
                .collect()
        };
        self.rows = rates
            .iter()
            .filter_map(|rate| rounds::middle(at(*rate)))
            .collect();
        self
    }
}
