use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Wakes one worker from other threads, once however often it is raised before the worker looks.
#[derive(Debug, Default)]
pub struct Signal {
    raised: AtomicBool,
    notify: Notify,
}

impl Signal {
    /// There is something to look at.
    pub fn raise(&self) {
        if !self.raised.swap(true, Ordering::AcqRel) {
            self.notify.notify_one();
        }
    }

    /// Waits until it is raised. Whoever raised it without waking us is seen by what we read after this.
    pub async fn wait(&self) {
        self.notify.notified().await;
        self.raised.swap(false, Ordering::AcqRel);
    }
}
