//! Opens the server's organizations, and what works beside each.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::{FutureExt, TryFutureExt, future::BoxFuture};
use shared_types::value::OrganizationId;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    organizations,
    store::{Line, Store},
};
use crate::{
    agents::{self, Setup},
    api::State,
    auth::{Auth, Closed, DirectoryWatch, Host, Hosted},
    engine,
    journal::Head,
    live,
};

/// How often it is looked which organizations there are, and which are not used.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Opens what a store has.
pub(super) struct StoreHost {
    store: Arc<Store>,
    setup: Setup,
    watch: Arc<DirectoryWatch>,
    beside: Beside,
    known: Mutex<HashMap<OrganizationId, Known>>,
    tending: Mutex<HashMap<OrganizationId, Tending>>,
}

/// What works beside an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// Nothing: it is opened for the operator.
    Nothing,
    /// What a server needs.
    Server {
        /// Its AI members work here too.
        works: bool,
        /// How often it is asked whether one that is closed was written to elsewhere.
        asks_every: Duration,
    },
}

struct Tending {
    tasks: TaskTracker,
    cancelled: CancellationToken,
}

/// An organization that has been here.
struct Known {
    /// Its line, where this process alone uses it: it is locked, and stays so. One that is shared is let go of with the
    /// organization, and with it what listens to it.
    line: Option<Line>,
    /// None while it is open, and before it could be.
    left: Option<Left>,
    asked: Instant,
}

/// How an organization was when it was closed.
#[derive(Clone)]
struct Left {
    /// The last event after which there was nothing to do in it.
    idle_at: u64,
    /// Where its line ended.
    head: Head,
}

impl Left {
    fn has_moved(&self, head: &Head) -> bool {
        *head != self.head || head.seq != self.idle_at
    }
}

impl StoreHost {
    pub(super) fn new(
        store: &Arc<Store>,
        setup: &Setup,
        watch: &Arc<DirectoryWatch>,
        beside: Beside,
    ) -> Self {
        Self {
            store: Arc::clone(store),
            setup: setup.clone(),
            watch: Arc::clone(watch),
            beside,
            known: Mutex::default(),
            tending: Mutex::default(),
        }
    }

    /// Begins what works beside an organization, and to tell its connections when they may see or do less.
    pub(super) fn tend(&self, state: Arc<State>) -> Hosted {
        self.watch.watch(&state.hub);
        let tending = Tending {
            tasks: TaskTracker::new(),
            cancelled: CancellationToken::new(),
        };
        let Tending { tasks, cancelled } = &tending;
        if let Beside::Server { works, .. } = self.beside {
            tasks.spawn(live::keep_telling(Arc::clone(&state.hub)));
            tasks.spawn(live::share_presence(Arc::clone(&state.hub)));
            tasks.spawn(agents::log::share_logs(
                Arc::clone(&state.office.logs),
                Arc::clone(&state.journal),
                cancelled.clone(),
            ));
            let (office, told, over) = (
                Arc::clone(&state.office),
                self.watch.providers(),
                cancelled.clone(),
            );
            tasks.spawn(async move { office.follow_providers(told, over).await });
            let observing = agents::observer::observe(Arc::clone(&state), cancelled.clone());
            let working = works.then(|| agents::work(Arc::clone(&state), cancelled.clone()));
            // They hold it, and have not begun to lend it.
            let holders = Arc::strong_count(&state);
            tasks.spawn(observing);
            if let Some(working) = working {
                tasks.spawn(working);
            }
            lock(&self.tending).insert(state.organization(), tending);
            return Hosted { state, holders };
        }
        Hosted { state, holders: 1 }
    }

    async fn begin(&self, id: OrganizationId) -> Result<Hosted, Closed> {
        let (line, left) = {
            let mut known = lock(&self.known);
            let known = known.entry(id).or_insert_with(|| Known {
                line: None,
                left: None,
                asked: Instant::now(),
            });
            known.asked = Instant::now();
            (known.line.clone(), known.left.clone())
        };
        let line = match line {
            Some(line) => line,
            None => self.store.organization(id).await?,
        };
        if let Some(left) = left {
            engine::come_back(&*line.journal, &left.head).await?;
        }
        let own = line.shared.is_none().then(|| line.clone());
        let missing = || {
            let place = self.store.place(id);
            Err(format!("it is missing: restore {place} from a backup").into())
        };
        let state = organizations::over(line, &self.setup, missing).await?;
        if let Some(known) = lock(&self.known).get_mut(&id) {
            known.line = own;
            known.left = None;
        }
        Ok(self.tend(state))
    }

    async fn end(&self, state: Arc<State>, idle_at: u64) {
        let id = state.organization();
        state.hub.close();
        let tending = lock(&self.tending).remove(&id);
        if let Some(Tending { tasks, cancelled }) = tending {
            cancelled.cancel();
            tasks.close();
            tasks.wait().await;
        }
        let head = state.engine.stop().await;
        state.hub.let_go();
        if let Some(known) = lock(&self.known).get_mut(&id) {
            known.left = head.map(|head| Left { idle_at, head });
            known.asked = Instant::now();
        }
    }

    async fn ask(&self, id: OrganizationId) -> bool {
        let Beside::Server { asks_every, .. } = self.beside else {
            return false;
        };
        let left = {
            let mut known = lock(&self.known);
            let Some(known) = known.get_mut(&id) else {
                return true;
            };
            if known.asked.elapsed() < asks_every {
                return false;
            }
            known.asked = Instant::now();
            known.left.clone()
        };
        let Some(left) = left else {
            return true;
        };
        // One that can't be asked is asked again.
        let head = self.store.head(id).await.unwrap_or_default();
        head.is_some_and(|head| left.has_moved(&head))
    }
}

impl Host for StoreHost {
    fn open(&self, id: OrganizationId) -> BoxFuture<'_, Result<Hosted, Closed>> {
        let named = move |why| -> Closed {
            let place = self.store.place(id);
            format!("the organization in {place} can't be opened: {why}").into()
        };
        self.begin(id).map_err(named).boxed()
    }

    fn close(&self, state: Arc<State>, idle_at: u64) -> BoxFuture<'_, ()> {
        self.end(state, idle_at).boxed()
    }

    fn has_moved(&self, id: OrganizationId) -> BoxFuture<'_, bool> {
        self.ask(id).boxed()
    }
}

/// Opens what becomes known, here or at another node, and closes what nobody has used for so long, until cancelled.
pub(super) async fn keep_open(
    auth: Arc<Auth>,
    unused: Option<Duration>,
    cancelled: CancellationToken,
) {
    let mut pace = tokio::time::interval(LOOK_EVERY.min(unused.unwrap_or(LOOK_EVERY)));
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while cancelled.run_until_cancelled(pace.tick()).await.is_some() {
        let known = auth.directory.model().aggregate.organizations().collect();
        let opening = auth.organizations.open_moved(known);
        if cancelled.run_until_cancelled(opening).await.is_none() {
            return;
        }
        if let Some(after) = unused {
            auth.organizations.close_unused(after).await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
