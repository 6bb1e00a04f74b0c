//! Fan-out: many subscribers on one topic, a message to all of them, over and over.

mod idle;
pub mod lane;
pub mod measure;
mod publisher;
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
    /// Its rows, by rate.
    pub rows: Vec<Row>,
    /// Memory by number of idle connections.
    pub idle: Vec<Idle>,
}

/// Everything that was measured, and a line for everything that wasn't.
#[derive(Debug, Default)]
pub struct FanOut {
    /// In the order of measuring: the product first, because the size of its events decides a payload.
    pub sections: Vec<Section>,
    /// Why a server is missing, and how to get it.
    pub skipped: Vec<String>,
}

/// Measures every server that can be started.
///
/// # Errors
/// The product was given and does not work: that is a failure, where a missing baseline is only skipped.
pub async fn run(scale: &Scale, clock: Clock) -> Result<FanOut> {
    let mut results = FanOut::default();
    let wanted = |contender| scale.only.is_empty() || scale.only.contains(&contender);
    let mut event_bytes = scale.event_bytes;
    if wanted(Contender::Devteam) {
        match devteam::binary() {
            Err(error) if std::env::var_os("DEVTEAM_BIN").is_none() => {
                results.skipped.push(format!("devteam skipped: {error:#}"));
            }
            _ => {
                let ours = section(scale, clock, Contender::Devteam, Payload::Events, 0).await;
                let ours = ours.context("devteam")?;
                if let Some(row) = ours.rows.first() {
                    event_bytes = row.message_bytes.round() as usize;
                }
                results.sections.push(ours);
            }
        }
    }
    for contender in [Contender::Nchan, Contender::Nats] {
        if !wanted(contender) {
            continue;
        }
        for (payload, bytes) in [
            (Payload::Small, scale.payload),
            (Payload::LikeEvents, event_bytes),
        ] {
            match section(scale, clock, contender, payload, bytes).await {
                Ok(section) => results.sections.push(section),
                Err(error) => {
                    results
                        .skipped
                        .push(format!("{} skipped: {error:#}", contender.name()));
                    break;
                }
            }
        }
    }
    Ok(results)
}

async fn section(
    scale: &Scale,
    clock: Clock,
    contender: Contender,
    payload: Payload,
    bytes: usize,
) -> Result<Section> {
    // Memory is measured on a server that has done nothing else; a busy one keeps what it once needed. The payload
    // makes no difference to an idle connection, so once a server is enough.
    let mut idle = Vec::new();
    if payload != Payload::LikeEvents && !scale.idle.is_empty() {
        eprintln!("{}: memory of idle connections", contender.name());
        let mut server = start(scale, contender, bytes).await?;
        idle = idle::measure(&mut server, &scale.idle, clock)
            .await
            .context("idle connections")?;
    }
    let mut server = start(scale, contender, bytes).await?;
    let mut subscribers = Subscribers::start(server.address, server.dialect.clone(), clock).await?;
    subscribers.grow_to(scale.subscribers).await?;
    let mut rows = Vec::with_capacity(scale.rates.len());
    for &rate in &scale.rates {
        eprintln!(
            "{}: {} subscribers, {rate} messages/s offered",
            server.name, scale.subscribers
        );
        rows.push(measure::measure(&mut server, &subscribers, rate, scale.timing(), clock).await?);
    }
    Ok(Section {
        contender,
        name: server.name.clone(),
        payload,
        rows,
        idle,
    })
}

async fn start(scale: &Scale, contender: Contender, bytes: usize) -> Result<Running> {
    match contender {
        Contender::Devteam => devteam::start(&scale.place(), scale.lanes).await,
        Contender::Nchan => nchan::start(&scale.place(), bytes).await,
        Contender::Nats => nats::start(&scale.place(), bytes).await,
    }
}
