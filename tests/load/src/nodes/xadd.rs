//! `redis-benchmark` with XADD: what Redis takes of entries when nothing is decided, looked up or published.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use super::pair::Pair;
use crate::{
    creates::{Creates, meter::Meter},
    servers::{organization, output, redis::Redis},
};

/// The stream that is written, and gone afterwards.
const STREAM: &str = "load";

/// Entries by which it is found out how many the window takes.
const PROBE: usize = 2_000;

/// The fields and values of an entry, in turns.
#[derive(Debug)]
pub struct Entry(Vec<String>);

impl Entry {
    /// The newest one of the nodes' own.
    ///
    /// # Errors
    /// Redis doesn't tell.
    pub async fn newest(pair: &Pair) -> Result<Self> {
        let id = organization::id(&pair.first).await?;
        let stream = format!("devteam:{{{id}}}:journal");
        let command = ["XREVRANGE", &stream, "+", "-", "COUNT", "1"];
        let answer = pair.redis.ask(&command).await?;
        // [["4711-0", ["id", "019a…", "event", "{…}", …]]]
        let parts = answer[0][1].as_array().into_iter().flatten();
        let parts: Option<Vec<String>> = parts
            .map(|part| Value::as_str(part).map(str::to_owned))
            .collect();
        let parts = parts.filter(|parts| !parts.is_empty());
        Ok(Self(parts.with_context(|| {
            format!("no entry in {stream}: {answer}")
        })?))
    }

    /// How long fields and values are.
    pub fn bytes(&self) -> usize {
        self.0.iter().map(String::len).sum()
    }
}

/// Adds the same entry over and over for about as long as the window.
///
/// # Errors
/// Redis ended, or its benchmark says something else than we know.
pub async fn measure(
    redis: &mut Redis,
    entry: &Entry,
    clients: usize,
    window: Duration,
) -> Result<Creates> {
    // It takes a number of requests, not a length of time.
    let probe = run(redis, entry, clients, PROBE).await?;
    let requests = (probe.per_second * window.as_secs_f64()).ceil() as usize;
    let meter = Meter::start(redis.usage()?.cpu)?;
    let said = run(redis, entry, clients, requests).await?;
    let metered = meter.stop(redis.usage()?.cpu)?;
    redis.ask(&["UNLINK", STREAM]).await?;
    Ok(Creates {
        clients,
        per_second: said.per_second,
        range: (0.0, 0.0),
        mean: said.mean,
        p99: Some(said.p99),
        server_micros: metered.server_seconds * 1e6 / requests as f64,
        client_cores: metered.client_cores,
        other_cores: metered.other_cores,
        trouble: None,
    })
}

async fn run(redis: &Redis, entry: &Entry, clients: usize, requests: usize) -> Result<Said> {
    let mut benchmark = redis.client("redis-benchmark");
    benchmark
        .args(["--csv", "-c", &clients.to_string()])
        .args(["-n", &requests.to_string(), "XADD", STREAM, "*"])
        .args(&entry.0);
    let said = output(&mut benchmark).await.context("redis-benchmark")?;
    Said::read(&said).with_context(|| format!("redis-benchmark said {said}"))
}

/// What it says of one run.
#[derive(Debug, PartialEq)]
struct Said {
    per_second: f64,
    /// In milliseconds.
    mean: f64,
    /// In milliseconds.
    p99: f64,
}

impl Said {
    /// From its CSV. The first column is the command as it was given, quotes and commas included, so the others are
    /// counted from the end.
    fn read(said: &str) -> Option<Self> {
        let (header, row) = (said.lines().next()?, said.lines().last()?);
        let column = |name: &str| -> Option<f64> {
            let mut names = header.rsplit(',').map(|name| name.trim_matches('"'));
            let from_end = names.position(|column| column == name)?;
            let value = row.rsplit(',').nth(from_end)?;
            value.trim_matches('"').parse().ok()
        };
        Some(Self {
            per_second: column("rps")?,
            mean: column("avg_latency_ms")?,
            p99: column("p99_latency_ms")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_read_whatever_the_entry_has_in_it() {
        let said = concat!(
            r#""test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms""#,
            "\n",
            r#""XADD load * id a event {"a":"b,c","d":1} private ","16666.67","0.111","0.024","0.063","0.135","0.343","5.503""#,
            "\n",
        );
        let expected = Said {
            per_second: 16_666.67,
            mean: 0.111,
            p99: 0.343,
        };
        assert_eq!(Said::read(said), Some(expected));
        assert_eq!(Said::read("Could not connect to Redis\n"), None);
    }
}
