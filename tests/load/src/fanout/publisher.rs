//! The publisher: an open loop that offers messages at a steady rate, on a thread of its own.

use std::{
    cell::{Cell, RefCell},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Result;
use futures_util::future::{join_all, try_join_all};
use hdrhistogram::Histogram;
use tokio::{
    sync::oneshot,
    time::{Instant, sleep_until},
};

use super::lane::{Lane, LanePlan};
use crate::{client::tally::histogram, stamp::Clock, thread::Thread};

/// A lane gives up after this many refusals in a row, so that a broken run ends early.
const REFUSALS: u32 = 20;

/// What was published in the end.
#[derive(Debug)]
pub struct Outcome {
    /// Messages that were acknowledged, or written where nothing is.
    pub published: u64,
    /// Messages that were refused.
    pub refused: u64,
    /// Why the first of them was.
    pub first_refusal: Option<String>,
    /// From sending to acknowledgement, in microseconds.
    pub acknowledged: Histogram<u64>,
}

impl Outcome {
    fn refuse(&mut self, why: &anyhow::Error) {
        self.refused += 1;
        self.first_refusal.get_or_insert_with(|| format!("{why:#}"));
    }
}

/// The handle. Dropped early, it stops publishing.
#[derive(Debug)]
pub struct Publisher {
    published: Arc<AtomicU64>,
    // Before the thread: dropping it is what makes the thread end.
    _stop: oneshot::Sender<()>,
    thread: Thread<Result<Outcome>>,
}

impl Publisher {
    /// Offers `rate` messages a second for so long.
    ///
    /// # Errors
    /// The thread can't be started. What goes wrong with the lanes comes with [`Self::finish`].
    pub async fn start(
        plans: Vec<LanePlan>,
        rate: u32,
        length: Duration,
        clock: Clock,
    ) -> Result<Self> {
        let published = Arc::new(AtomicU64::new(0));
        let (stop, stopped) = oneshot::channel::<()>();
        let count = Arc::clone(&published);
        let work = move || async move {
            let outcome = publish(plans, rate, length, clock, &count);
            tokio::select! {
                outcome = outcome => outcome,
                _ = stopped => anyhow::bail!("stopped"),
            }
        };
        let thread = Thread::start("publisher", work).await?;
        Ok(Self {
            published,
            _stop: stop,
            thread,
        })
    }

    /// Messages published so far.
    pub fn published(&self) -> u64 {
        self.published.load(Ordering::Relaxed)
    }

    /// Processor time that the thread has used.
    ///
    /// # Errors
    /// It has ended.
    pub fn cpu(&self) -> Result<Duration> {
        self.thread.cpu()
    }

    /// Waits for the end of the last message.
    ///
    /// # Errors
    /// The lanes could not be opened.
    pub async fn finish(self) -> Result<Outcome> {
        self.thread.finish().await?
    }
}

/// When messages are due, and who takes the next one.
struct Schedule {
    start: Instant,
    until: Instant,
    rate: u32,
    next: Cell<u32>,
}

impl Schedule {
    /// Waits until the next message is due; nothing when the time is over. If all lanes were busy when it was due, it
    /// is sent late, and what is late at the end is not sent: the table says what was really published.
    async fn next(&self) -> Option<()> {
        let number = self.next.get();
        self.next.set(number + 1);
        let due = self.start + Duration::from_secs_f64(f64::from(number) / f64::from(self.rate));
        if due >= self.until {
            return None;
        }
        sleep_until(due).await;
        (Instant::now() < self.until).then_some(())
    }
}

async fn publish(
    plans: Vec<LanePlan>,
    rate: u32,
    length: Duration,
    clock: Clock,
    count: &AtomicU64,
) -> Result<Outcome> {
    let lanes = try_join_all(plans.into_iter().map(LanePlan::open)).await?;
    let start = Instant::now();
    let schedule = Schedule {
        start,
        until: start + length,
        rate,
        next: Cell::new(0),
    };
    let outcome = Outcome {
        published: 0,
        refused: 0,
        first_refusal: None,
        acknowledged: histogram()?,
    };
    let outcome = RefCell::new(outcome);
    join_all(
        lanes
            .into_iter()
            .map(|lane| drive(lane, &schedule, clock, &outcome, count)),
    )
    .await;
    let mut outcome = outcome.into_inner();
    outcome.published = count.load(Ordering::Relaxed);
    Ok(outcome)
}

/// Publishes on one lane whatever is due and not yet taken by another.
async fn drive(
    mut lane: Lane,
    schedule: &Schedule,
    clock: Clock,
    outcome: &RefCell<Outcome>,
    count: &AtomicU64,
) {
    let mut refusals = 0;
    while refusals < REFUSALS && schedule.next().await.is_some() {
        let sent = clock.micros();
        let result = lane.publish(clock).await;
        let mut outcome = outcome.borrow_mut();
        match result {
            Ok(()) => {
                refusals = 0;
                count.fetch_add(1, Ordering::Relaxed);
                outcome
                    .acknowledged
                    .saturating_record(clock.micros() - sent);
            }
            Err(error) => {
                refusals += 1;
                outcome.refuse(&error);
            }
        }
    }
    if let Err(error) = lane.close().await {
        outcome.borrow_mut().refuse(&error);
    }
}
