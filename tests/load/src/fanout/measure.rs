//! One row of the fan-out table: a server, its subscribers, a rate.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::time::{Instant, sleep};

use super::publisher::{Outcome, Publisher};
use crate::{
    client::{
        subscribers::Subscribers,
        tally::{Tally, quantile_ms},
    },
    servers::Running,
    stamp::Clock,
    usage,
};

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Before anything is counted.
    pub warm_up: Duration,
    /// What is counted.
    pub window: Duration,
}

/// What was measured at one rate.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Messages offered a second.
    pub offered: u32,
    /// Messages published a second in the window.
    pub published: f64,
    /// Deliveries a second that the subscribers counted.
    pub deliveries: f64,
    /// Processor time of the server for one delivery, in microseconds.
    pub server_micros: f64,
    /// The lowest and the highest of that in all rounds.
    pub server_micros_range: (f64, f64),
    /// How many cores' worth the server took.
    pub server_cores: f64,
    /// From sending to delivery, the middle, in milliseconds.
    pub p50: Option<f64>,
    /// From sending to delivery, of the slowest hundredth the fastest, in milliseconds.
    pub p99: Option<f64>,
    /// From sending to acknowledgement, likewise. Nothing where messages are not acknowledged.
    pub acknowledged_p99: Option<f64>,
    /// The size of a message as the subscriber sees it, in bytes.
    pub message_bytes: f64,
    /// What the network carried for it, headers of frames included.
    pub wire_bytes: f64,
    /// Cores' worth that the subscribers of the generator took.
    pub subscriber_cores: f64,
    /// Cores' worth that the publisher of the generator took.
    pub publisher_cores: f64,
    /// Cores' worth that processes took which have nothing to do with the measurement: above a tenth or so, the row
    /// says more about them.
    pub other_cores: f64,
    /// Deliveries that were never made, of all that were published.
    pub missing: i64,
    /// What went wrong, in words.
    pub troubles: Vec<String>,
}

/// The counters at one moment.
struct Edge {
    at: Instant,
    server: Duration,
    subscribers: Duration,
    publisher: Duration,
    others: Duration,
    published: u64,
}

impl Edge {
    fn take(
        server: &mut Running,
        subscribers: &Subscribers,
        publisher: &Publisher,
    ) -> Result<Self> {
        Ok(Self {
            at: Instant::now(),
            server: server.usage()?.cpu,
            subscribers: subscribers.cpu()?,
            publisher: publisher.cpu()?,
            others: usage::others_cpu()?,
            published: publisher.published(),
        })
    }
}

/// Offers messages at a rate and measures what comes of it.
///
/// # Errors
/// The server ended, or nothing could be published at all.
pub async fn measure(
    server: &mut Running,
    subscribers: &Subscribers,
    offered: u32,
    timing: Timing,
    clock: Clock,
) -> Result<Row> {
    subscribers.take();
    // Longer than the window, so that its end is as busy as its beginning.
    let length = timing.warm_up + timing.window + Duration::from_millis(300);
    let publisher = Publisher::start(server.lanes.clone(), offered, length, clock).await?;
    sleep(timing.warm_up).await;
    let begin = Edge::take(server, subscribers, &publisher)?;
    let warm_up = subscribers.take();
    sleep(timing.window).await;
    let end = Edge::take(server, subscribers, &publisher)?;
    let window = subscribers.take();
    let outcome = publisher.finish().await?;
    let expected = outcome.published * subscribers.count() as u64;
    let counted = warm_up.deliveries + window.deliveries;
    drain(subscribers, expected.saturating_sub(counted)).await;
    let rest = subscribers.take();

    let troubles = complaints(&outcome, &[&warm_up, &window, &rest]);
    ensure!(
        window.deliveries > 0,
        "nothing was delivered; {}",
        troubles.join("; ")
    );
    let missing = i64::try_from(expected)? - i64::try_from(counted + rest.deliveries)?;
    let acknowledged_p99 = quantile_ms(&outcome.acknowledged, 0.99);
    Ok(Row {
        offered,
        acknowledged_p99: acknowledged_p99.filter(|_| server.acknowledges()),
        missing,
        troubles,
        ..between(&begin, &end, &window)
    })
}

/// What the counters say about the window.
fn between(begin: &Edge, end: &Edge, window: &Tally) -> Row {
    let seconds = (end.at - begin.at).as_secs_f64();
    let cores =
        |part: fn(&Edge) -> Duration| part(end).saturating_sub(part(begin)).as_secs_f64() / seconds;
    let server_cores = cores(|edge| edge.server);
    let deliveries = window.deliveries as f64;
    let server_micros = server_cores * seconds * 1e6 / deliveries;
    Row {
        published: (end.published - begin.published) as f64 / seconds,
        deliveries: deliveries / seconds,
        server_micros,
        server_micros_range: (server_micros, server_micros),
        server_cores,
        p50: quantile_ms(&window.latency, 0.5),
        p99: quantile_ms(&window.latency, 0.99),
        message_bytes: window.message_bytes as f64 / deliveries,
        wire_bytes: window.wire_bytes as f64 / deliveries,
        subscriber_cores: cores(|edge| edge.subscribers),
        publisher_cores: cores(|edge| edge.publisher),
        other_cores: cores(|edge| edge.others),
        ..Row::default()
    }
}

/// Waits for what is still under way: until all has come, or nothing more comes.
async fn drain(subscribers: &Subscribers, expected: u64) {
    let mut seen = subscribers.deliveries();
    let mut idle = 0;
    while seen < expected && idle < 10 {
        sleep(Duration::from_millis(100)).await;
        let now = subscribers.deliveries();
        idle = if now == seen { idle + 1 } else { 0 };
        seen = now;
    }
}

/// What went wrong for the publisher and for the subscribers.
fn complaints(outcome: &Outcome, tallies: &[&Tally]) -> Vec<String> {
    let lost: u64 = tallies.iter().map(|tally| tally.lost).sum();
    let resyncs: u64 = tallies.iter().map(|tally| tally.resyncs).sum();
    let first_loss = tallies.iter().find_map(|tally| tally.first_loss.clone());
    let first_refusal = outcome.first_refusal.clone().unwrap_or_default();
    [
        (
            outcome.refused,
            format!("messages refused, the first with: {first_refusal}"),
        ),
        (
            lost,
            format!(
                "connections lost, the first with: {}",
                first_loss.unwrap_or_default()
            ),
        ),
        (resyncs, "subscriptions were told to resync".to_owned()),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect()
}
