//! How far catching up has come, for who looks on: a bar on a terminal, else a line now and then.

use std::{
    io::{IsTerminal, stderr},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// Fewer events than these are done before anybody looks.
const WORTH_TELLING: u64 = 10_000;
const LINE_EVERY: Duration = Duration::from_secs(5);
const STYLE: &str =
    "{elapsed_precise} {wide_bar} {human_pos}/{human_len} events, {per_sec}, {eta} left";

/// One stretch of catching up.
pub(super) struct Progress {
    from: u64,
    upto: u64,
    begun: Instant,
    told: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// From one position to another; none where there is little to do.
    pub fn new(from: u64, upto: u64) -> Option<Self> {
        if upto.saturating_sub(from) < WORTH_TELLING {
            return None;
        }
        let bar = stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template(STYLE);
            ProgressBar::new(upto - from)
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        let now = Instant::now();
        Some(Self {
            from,
            upto,
            begun: now,
            told: now,
            bar,
        })
    }

    /// It has come so far; false when that is the end.
    pub fn at(&mut self, seq: u64) -> bool {
        let done = seq.saturating_sub(self.from);
        let is_over = seq >= self.upto;
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        }
        if is_over || self.told.elapsed() >= LINE_EVERY {
            self.told = Instant::now();
            let a_second = done as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
            if let Some(bar) = self.bar.take_if(|_| is_over) {
                bar.finish_and_clear();
            }
            if self.bar.is_none() {
                tracing::info!(
                    at = seq,
                    of = self.upto,
                    per_second = a_second.round(),
                    "catching up"
                );
            }
        }
        !is_over
    }
}
