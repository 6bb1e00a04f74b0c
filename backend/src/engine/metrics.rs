//! What the engine counts.

use std::time::Duration;

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};

const BATCH: &str = "devteam_batch_commands";
const APPEND: &str = "devteam_journal_append_seconds";
const EVENTS: &str = "devteam_events_total";
const FAILED: &str = "devteam_journal_append_failures_total";
const WAITING: &str = "devteam_mailbox_commands";

/// Says what they mean.
pub(super) fn describe() {
    describe_histogram!(BATCH, "Commands decided and written together");
    describe_histogram!(
        APPEND,
        Unit::Seconds,
        "From handing a batch to the journal until it is durable"
    );
    describe_counter!(EVENTS, "Events written");
    describe_counter!(
        FAILED,
        "Batches that could not be written, or not at the first try"
    );
    describe_gauge!(
        WAITING,
        "Commands that wait or are being written, of all organizations and of the directory"
    );
}

/// The commands of one engine that wait or are being written: a part of the sum.
#[derive(Debug, Default)]
pub(super) struct Waiting(usize);

impl Waiting {
    /// They are so many now.
    pub fn set(&mut self, commands: usize) {
        let before = std::mem::replace(&mut self.0, commands);
        if commands > before {
            gauge!(WAITING).increment(as_f64(commands - before));
        } else if commands < before {
            gauge!(WAITING).decrement(as_f64(before - commands));
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.set(0);
    }
}

pub(super) fn written(commands: usize, events: usize, took: Duration) {
    histogram!(BATCH).record(as_f64(commands));
    histogram!(APPEND).record(took.as_secs_f64());
    counter!(EVENTS).increment(events as u64);
}

pub(super) fn failed() {
    counter!(FAILED).increment(1);
}

fn as_f64(count: usize) -> f64 {
    u32::try_from(count).unwrap_or(u32::MAX).into()
}
