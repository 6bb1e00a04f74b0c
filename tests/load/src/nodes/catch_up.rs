//! How fast a node that is new, and a database agent that is new, come to where the line of events ends.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::time::sleep;

use super::{database::Database, pair::Pair, rounds};
use crate::{
    creates::skip,
    servers::{Place, agent::Agent, devteam, organization},
    usage::others_cpu,
};

/// How often a copy is asked how far it is: seldom enough for that to cost little, as PostgreSQL's client is a process each
/// time.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Longer than any batch takes.
const STANDSTILL: Duration = Duration::from_secs(30);

/// Who caught up, and how.
#[derive(Clone, Debug)]
pub struct CatchUp {
    /// A node, or an agent with its database.
    pub who: String,
    /// With how many events.
    pub events: u64,
    /// From its start.
    pub took: Duration,
    /// The lowest and the highest of [`CatchUp::micros`] in all rounds.
    pub range: (f64, f64),
    /// Cores' worth that processes took which have nothing to do with the measurement.
    pub other_cores: f64,
}

impl CatchUp {
    /// The time for one event, in microseconds.
    pub fn micros(&self) -> f64 {
        self.took.as_secs_f64() * 1e6 / self.events as f64
    }
}

/// Measures a third node, then an agent for each database that can be had; nobody writes meanwhile.
///
/// # Errors
/// One of them does not catch up.
pub async fn measure(
    pair: &Pair,
    place: &Place,
    skipped: &mut Vec<String>,
) -> Result<Vec<CatchUp>> {
    // What the one has acknowledged last the other may not have heard of yet.
    let first = organization::position(&pair.first).await?;
    let events = first.max(organization::position(&pair.second).await?);
    let mut all = vec![node(pair, place, events).await?];
    all.push(agent(pair, place, events, &Database::sqlite(place)?).await?);
    match Database::postgres(place).await {
        Ok(database) => all.push(agent(pair, place, events, &database).await?),
        Err(error) => skip(
            skipped,
            format!("database agent, PostgreSQL skipped: {error:#}"),
        ),
    }
    Ok(all)
}

/// A node that is ready has caught up: that is what it says by being ready, and what is looked at.
async fn node(pair: &Pair, place: &Place, events: u64) -> Result<CatchUp> {
    eprintln!("a node: catching up with {events} events");
    let watch = Watch::start()?;
    let node = devteam::serve(place, &pair.redis.url()).await?;
    let caught_up = watch.stop("a node", events)?;
    let at = organization::position(&node).await?;
    ensure!(
        at == events,
        "a node that says it is ready is at {at} of {events} events"
    );
    Ok(caught_up)
}

async fn agent(pair: &Pair, place: &Place, events: u64, database: &Database) -> Result<CatchUp> {
    let who = format!("database agent, {}", database.name());
    eprintln!("{who}: catching up with {events} events");
    let watch = Watch::start()?;
    let mut agent = Agent::start(place, &pair.second, &database.url()).await?;
    until_at(events, database, &mut agent)
        .await
        .context(who.clone())?;
    watch.stop(&who, events)
}

/// Waits until the copy has so many events.
async fn until_at(events: u64, database: &Database, agent: &mut Agent) -> Result<()> {
    let (mut last, mut moved) = (0, Instant::now());
    loop {
        agent.check()?;
        let position = database.position().await;
        // Before its tables are there, it is nowhere.
        let at = *position.as_ref().unwrap_or(&0);
        if at >= events {
            return Ok(());
        }
        if at > last {
            (last, moved) = (at, Instant::now());
        }
        if moved.elapsed() > STANDSTILL {
            position.context("the copy can't be read")?;
            bail!("the copy stands still at {at} of {events} events");
        }
        sleep(LOOK_EVERY).await;
    }
}

/// The clock, and what others took meanwhile.
struct Watch {
    start: Instant,
    others: Duration,
}

impl Watch {
    fn start() -> Result<Self> {
        let others = others_cpu()?;
        Ok(Self {
            start: Instant::now(),
            others,
        })
    }

    fn stop(self, who: &str, events: u64) -> Result<CatchUp> {
        let took = self.start.elapsed();
        let others = others_cpu()?.saturating_sub(self.others);
        Ok(CatchUp {
            who: who.into(),
            events,
            took,
            range: (0.0, 0.0),
            other_cores: others.as_secs_f64() / took.as_secs_f64(),
        })
    }
}

/// The middle round of each, in the order in which they first came.
pub fn middles(mut rounds: Vec<CatchUp>) -> Vec<CatchUp> {
    let mut middles = Vec::new();
    while let Some(who) = rounds.first().map(|round| round.who.clone()) {
        let (one, others) = rounds.into_iter().partition(|round| round.who == who);
        rounds = others;
        if let Some((middle, range)) = rounds::middle(one, CatchUp::micros) {
            middles.push(CatchUp { range, ..middle });
        }
    }
    middles
}
