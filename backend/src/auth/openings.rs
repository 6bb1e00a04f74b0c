//! Several organizations are opened at a time, each of them once; what can't be opened is not tried over and over.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, Weak},
    time::{Duration, Instant},
};

use metrics::gauge;
use shared_types::value::OrganizationId;
use tokio::sync::{OwnedMutexGuard, Semaphore, SemaphorePermit};

use super::lock;

/// Opened at a time: each reads its journal, and one that takes long must not keep the others waiting.
pub(super) const AT_A_TIME: usize = 4;

/// Who opens which, and what could not be opened.
pub(super) struct Openings {
    permits: Semaphore,
    turns: Mutex<HashMap<OrganizationId, Weak<Turn>>>,
    failed: Mutex<HashMap<OrganizationId, Failed>>,
}

type Turn = tokio::sync::Mutex<()>;

struct Failed {
    at: Instant,
    why: String,
}

impl Openings {
    /// None yet.
    pub fn new() -> Self {
        metrics::describe_gauge!(
            "devteam_organizations_failed",
            "Organizations that could not be opened when that was tried last."
        );
        gauge!("devteam_organizations_failed").set(0);
        Self {
            permits: Semaphore::new(AT_A_TIME),
            turns: Mutex::default(),
            failed: Mutex::default(),
        }
    }

    /// Held by whoever opens this one.
    pub async fn turn(&self, id: OrganizationId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = lock(&self.turns);
            turns.retain(|_, turn| turn.strong_count() > 0);
            let known = turns.get(&id).and_then(Weak::upgrade);
            known.unwrap_or_else(|| {
                let turn = Arc::default();
                turns.insert(id, Arc::downgrade(&turn));
                turn
            })
        };
        turn.lock_owned().await
    }

    /// Held while a journal is read. It is never refused, as nobody closes the semaphore.
    pub async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        self.permits.acquire().await.ok()
    }

    /// Why one could not be opened, if that was tried not longer ago than this.
    pub fn failed_within(&self, id: OrganizationId, time: Duration) -> Option<String> {
        let failed = lock(&self.failed);
        let failed = failed.get(&id).filter(|failed| failed.at.elapsed() < time);
        failed.map(|failed| failed.why.clone())
    }

    /// What came of it.
    pub fn note(&self, id: OrganizationId, why: Option<String>) {
        let mut failed = lock(&self.failed);
        match why {
            Some(why) => {
                let at = Instant::now();
                failed.insert(id, Failed { at, why });
            }
            None => drop(failed.remove(&id)),
        }
        gauge!("devteam_organizations_failed").set(failed.len() as f64);
    }
}
