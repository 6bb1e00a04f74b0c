//! What the subscribers counted.

use anyhow::Result;
use hdrhistogram::Histogram;

/// Counts over all connections since they were last taken; locked once per read, not per message.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Messages that carried a stamp.
    pub deliveries: u64,
    /// The bytes of those, without any framing.
    pub message_bytes: u64,
    /// Every byte read from a socket.
    pub wire_bytes: u64,
    /// Resyncs that the server asked for: it gave up on replaying, and said so.
    pub resyncs: u64,
    /// Connections that ended before they were told to.
    pub lost: u64,
    /// Why the first of them did.
    pub first_loss: Option<String>,
    /// From stamp to read, of every single delivery, in microseconds.
    pub latency: Histogram<u64>,
}

impl Tally {
    /// Nothing counted yet.
    ///
    /// # Errors
    /// None that can happen: the bounds of the histogram are constants.
    pub fn new() -> Result<Self> {
        let latency = histogram()?;
        Ok(Self {
            deliveries: 0,
            message_bytes: 0,
            wire_bytes: 0,
            resyncs: 0,
            lost: 0,
            first_loss: None,
            latency,
        })
    }

    /// Takes what was counted and begins again.
    pub fn take(&mut self) -> Self {
        let latency = Histogram::new_from(&self.latency);
        let fresh = Self {
            deliveries: 0,
            message_bytes: 0,
            wire_bytes: 0,
            resyncs: 0,
            lost: 0,
            first_loss: None,
            latency,
        };
        std::mem::replace(self, fresh)
    }

    /// Notes a connection that ended by itself.
    pub fn lose(&mut self, why: &anyhow::Error) {
        self.lost += 1;
        self.first_loss.get_or_insert_with(|| format!("{why:#}"));
    }
}

/// A histogram of microseconds up to a minute, within 0.1 %.
///
/// # Errors
/// None that can happen: the bounds are constants.
pub fn histogram() -> Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000, 3)?)
}

/// A quantile in milliseconds; nothing when nothing was recorded.
pub fn quantile_ms(histogram: &Histogram<u64>, quantile: f64) -> Option<f64> {
    (!histogram.is_empty()).then(|| histogram.value_at_quantile(quantile) as f64 / 1_000.0)
}
