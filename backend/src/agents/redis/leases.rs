use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::{FutureExt, future::BoxFuture};
use redis::cmd;
use shared_types::value::RunId;

use super::SharedLine;
use crate::agents::lease::Leases;

/// Renewals that are not renewed go by themselves, long after they have lapsed.
const KEPT: Duration = Duration::from_secs(600);

/// Leases that every node renews and looks at. Whoever renews writes something new; whoever looks measures how long it has
/// not changed by a clock of their own, so that nobody compares clocks.
pub struct RedisLeases {
    line: SharedLine,
    seen: Mutex<HashMap<(RunId, u64), Seen>>,
}

/// What was read of a lease last, and when it was new.
struct Seen {
    word: Option<String>,
    at: Instant,
}

impl RedisLeases {
    pub fn new(line: SharedLine) -> Self {
        Self {
            line,
            seen: Mutex::default(),
        }
    }

    fn key(&self, run: RunId, claim: u64) -> String {
        self.line.key(&format!("lease:{run}:{claim}"))
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<(RunId, u64), Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leases for RedisLeases {
    fn renew(&self, run: RunId, claim: u64) -> BoxFuture<'_, ()> {
        let key = self.key(run, claim);
        async move {
            let word = uuid::Uuid::new_v4().simple().to_string();
            let set = async |connection: &mut _| {
                let mut set = cmd("SET");
                set.arg(&key)
                    .arg(&word)
                    .arg("PX")
                    .arg(KEPT.as_millis() as u64);
                set.query_async::<()>(connection).await
            };
            if let Err(failure) = self.line.server.ask(set).await {
                // While Redis can't be reached nobody finds a lapse either.
                tracing::debug!(%failure, %run, "a lease can't be renewed");
            }
        }
        .boxed()
    }

    fn silent_for(&self, run: RunId, claim: u64) -> BoxFuture<'_, Duration> {
        let key = self.key(run, claim);
        async move {
            let get = async |connection: &mut _| {
                cmd("GET")
                    .arg(&key)
                    .query_async::<Option<String>>(connection)
                    .await
            };
            let word = match self.line.server.ask(get).await {
                Ok(word) => word,
                Err(_) => {
                    // Its worker can't be heard either: the time begins anew.
                    self.seen().remove(&(run, claim));
                    return Duration::ZERO;
                }
            };
            let mut seen = self.seen();
            let at = Instant::now();
            let before = seen.entry((run, claim)).or_insert(Seen { word: None, at });
            if word.is_some() && before.word != word {
                *before = Seen { word, at };
            }
            before.at.elapsed()
        }
        .boxed()
    }

    fn keep_only(&self, claims: &[(RunId, u64)]) -> BoxFuture<'_, ()> {
        self.seen().retain(|claim, _| claims.contains(claim));
        async {}.boxed()
    }
}
