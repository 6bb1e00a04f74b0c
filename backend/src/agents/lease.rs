//! Who was heard of when. A renewal is no event: it is worth nothing a minute later.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures_util::{FutureExt, future::BoxFuture};
use shared_types::value::RunId;

/// How long a worker may be silent.
pub const LEASE: Duration = Duration::from_secs(60);
/// How often it says that it is there.
pub const RENEW_EVERY: Duration = Duration::from_secs(20);

/// Where renewals are noted. In memory on one node.
pub trait Leases: Send + Sync {
    /// The worker with this claim is there.
    fn renew(&self, run: RunId, claim: u64) -> BoxFuture<'_, ()>;

    /// How long nothing was heard of it. A claim that is asked for the first time is as good as heard of now: nobody
    /// compares clocks, and who has just started has not listened yet.
    fn silent_for(&self, run: RunId, claim: u64) -> BoxFuture<'_, Duration>;

    /// Only these can still be asked for.
    fn keep_only(&self, claims: &[(RunId, u64)]) -> BoxFuture<'_, ()>;
}

/// Leases in this process.
#[derive(Default)]
pub struct MemoryLeases {
    heard: Mutex<HashMap<(RunId, u64), Instant>>,
}

impl MemoryLeases {
    fn heard(&self) -> std::sync::MutexGuard<'_, HashMap<(RunId, u64), Instant>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leases for MemoryLeases {
    fn renew(&self, run: RunId, claim: u64) -> BoxFuture<'_, ()> {
        self.heard().insert((run, claim), Instant::now());
        async {}.boxed()
    }

    fn silent_for(&self, run: RunId, claim: u64) -> BoxFuture<'_, Duration> {
        let since = *self
            .heard()
            .entry((run, claim))
            .or_insert_with(Instant::now);
        async move { since.elapsed() }.boxed()
    }

    fn keep_only(&self, claims: &[(RunId, u64)]) -> BoxFuture<'_, ()> {
        self.heard().retain(|claim, _| claims.contains(claim));
        async {}.boxed()
    }
}
