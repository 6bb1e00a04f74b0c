//! From a write on one node to a subscriber of the same node, and to one of the other.

use std::net::SocketAddr;

use anyhow::Result;

use super::{pair::Pair, rounds};
use crate::{
    args::Scale,
    client::subscribers::Subscribers,
    fanout::measure::{Row, measure as offer},
    stamp::Clock,
};

/// Both, measured one after the other.
#[derive(Clone, Debug)]
pub struct Latency {
    /// To a subscriber of the node that was written to.
    pub same: Row,
    /// To one of the other node.
    pub other: Row,
    /// The lowest and the highest of what the other one adds to the middle, over all rounds.
    pub range: (f64, f64),
}

impl Latency {
    /// What the way over the other node adds to a quantile, in milliseconds.
    pub fn added(&self, quantile: impl Fn(&Row) -> Option<f64>) -> Option<f64> {
        Some(quantile(&self.other)? - quantile(&self.same)?)
    }
}

/// Measures one subscriber at the lowest rate: how long the way is, not how much goes through it.
///
/// # Errors
/// A node ended, or nothing was delivered.
pub async fn measure(pair: &mut Pair, scale: &Scale, clock: Clock, round: u32) -> Result<Latency> {
    // Who is second may find things warmer: the two take turns.
    let order = if round.is_multiple_of(2) {
        [0, 1]
    } else {
        [1, 0]
    };
    let mut rows = [Row::default(), Row::default()];
    for node in order {
        rows[node] = to(pair.addresses()[node], pair, scale, clock).await?;
    }
    let [same, other] = rows;
    Ok(Latency {
        same,
        other,
        range: (0.0, 0.0),
    })
}

/// Writes on the first node, to a subscriber at this address.
async fn to(address: SocketAddr, pair: &mut Pair, scale: &Scale, clock: Clock) -> Result<Row> {
    let rate = scale.rates.first().copied().unwrap_or(1);
    let node = match address == pair.first.address {
        true => "the same",
        false => "the other",
    };
    eprintln!("two nodes: {rate} messages/s to a subscriber of {node} node");
    let mut subscribers = Subscribers::start(address, pair.first.dialect.clone(), clock).await?;
    subscribers.grow_to(1).await?;
    offer(&mut pair.first, &subscribers, rate, scale.timing(), clock).await
}

/// The round in which the other node added the middle of all to the p50, with what went wrong in any.
pub fn middle(rounds: Vec<Latency>) -> Option<Latency> {
    let all = |part: fn(&Latency) -> &Row| {
        let rows = rounds.iter().map(part);
        let missing = rows.clone().map(|row| row.missing).sum();
        let troubles = rows.flat_map(|row| row.troubles.clone()).collect();
        (missing, troubles)
    };
    let (same, other) = (all(|round| &round.same), all(|round| &round.other));
    let added = |round: &Latency| round.added(|row| row.p50).unwrap_or(f64::INFINITY);
    let (mut middle, range) = rounds::middle(rounds, added)?;
    middle.range = range;
    (middle.same.missing, middle.same.troubles) = same;
    (middle.other.missing, middle.other.troubles) = other;
    Some(middle)
}
