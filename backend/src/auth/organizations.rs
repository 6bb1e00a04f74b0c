//! The organizations of the server: the one that was there first always, the others while somebody uses them.

use std::{
    collections::HashMap,
    error::Error,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{
    StreamExt,
    future::{BoxFuture, join_all},
    stream,
};
use metrics::{counter, gauge};
use shared_types::value::OrganizationId;
use tokio::sync::watch;

use super::openings::{AT_A_TIME, Openings};
use crate::api::State;

/// For so long one that could not be opened is not tried again for whoever asks for it.
const RESTS: Duration = Duration::from_secs(5);
/// And for so long it is not tried again where nobody does.
const RESTS_UNASKED: Duration = Duration::from_secs(60);

/// Why an organization can't be opened, in words.
pub type Closed = Box<dyn Error + Send + Sync>;

/// Opens organizations with what works beside them, and closes them again.
pub trait Host: Send + Sync {
    /// One that is known.
    fn open(&self, id: OrganizationId) -> BoxFuture<'_, Result<Hosted, Closed>>;
    /// Ends what works beside it, and lets go of what it has in memory. Nothing is left to do in it up to this event:
    /// of a later one it has not been seen.
    fn close(&self, state: Arc<State>, idle_at: u64) -> BoxFuture<'_, ()>;
    /// Whether one that is not open has not been here yet, or was written to elsewhere since it was closed.
    fn has_moved(&self, id: OrganizationId) -> BoxFuture<'_, bool>;
}

/// An organization that was opened.
pub struct Hosted {
    pub state: Arc<State>,
    /// How many hold it while nobody uses it: this one, and what works beside it.
    pub holders: usize,
}

/// The organizations of a server.
pub struct Organizations {
    home: Arc<State>,
    host: Box<dyn Host>,
    others: RwLock<HashMap<OrganizationId, Open>>,
    /// Several may be opened, or one is closed.
    turn: tokio::sync::RwLock<()>,
    openings: Openings,
    begun: Instant,
    /// How many were opened so far.
    opened: watch::Sender<u64>,
}

struct Open {
    hosted: Hosted,
    /// When it was asked for last, in milliseconds after [`Organizations::begun`].
    used: AtomicU64,
}

impl Organizations {
    /// The one that was there first, and a host of the others.
    pub fn new(home: Arc<State>, host: impl Host + 'static) -> Self {
        metrics::describe_gauge!(
            "devteam_organizations_open",
            "Organizations in this node's memory."
        );
        metrics::describe_counter!(
            "devteam_organizations_opened_total",
            "How often an organization was brought into this node's memory, but the first one."
        );
        gauge!("devteam_organizations_open").set(1);
        Self {
            home,
            host: Box::new(host),
            others: RwLock::default(),
            turn: tokio::sync::RwLock::default(),
            openings: Openings::new(),
            begun: Instant::now(),
            opened: watch::Sender::default(),
        }
    }

    /// The one that was there first.
    pub fn home(&self) -> &Arc<State> {
        &self.home
    }

    /// Those that are open.
    pub fn all(&self) -> Vec<Arc<State>> {
        let others = self.others.read().unwrap_or_else(PoisonError::into_inner);
        let others = others.values().map(|open| Arc::clone(&open.hosted.state));
        std::iter::once(Arc::clone(&self.home))
            .chain(others)
            .collect()
    }

    /// One that is open, for somebody who uses it.
    pub fn get(&self, id: OrganizationId) -> Option<Arc<State>> {
        if id == self.home.organization() {
            return Some(Arc::clone(&self.home));
        }
        let others = self.others.read().unwrap_or_else(PoisonError::into_inner);
        let open = others.get(&id)?;
        open.used.store(self.now(), Ordering::Relaxed);
        Some(Arc::clone(&open.hosted.state))
    }

    /// One that is known, opened if it is not open.
    pub async fn open(&self, id: OrganizationId) -> Result<Arc<State>, Closed> {
        if let Some(state) = self.get(id) {
            return Ok(state);
        }
        let _turn = self.turn.read().await;
        let _own = self.openings.turn(id).await;
        if let Some(state) = self.get(id) {
            return Ok(state);
        }
        if let Some(why) = self.openings.failed_within(id, RESTS) {
            return Err(why.into());
        }
        let _permit = self.openings.permit().await;
        let opened = self.host.open(id).await;
        let why = opened.as_ref().err().map(ToString::to_string);
        if let Some(error) = &why {
            tracing::error!(error, organization = %id, "an organization is not served");
        }
        self.openings.note(id, why);
        let hosted = opened?;
        let state = Arc::clone(&hosted.state);
        let open = Open {
            hosted,
            used: AtomicU64::new(self.now()),
        };
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        others.insert(id, open);
        counter!("devteam_organizations_opened_total").increment(1);
        gauge!("devteam_organizations_open").set(others.len() as f64 + 1.0);
        drop(others);
        self.opened.send_modify(|opened| *opened += 1);
        Ok(state)
    }

    /// Opens those of these that have not been here yet, or were written to elsewhere: their runs may need a worker.
    /// What can't be opened is told in the log, and keeps back none of the others.
    pub async fn open_moved(&self, known: Vec<OrganizationId>) {
        let each = known.into_iter().map(|id| self.open_if_moved(id));
        let all = stream::iter(each).buffer_unordered(AT_A_TIME);
        all.for_each(async |()| {}).await;
    }

    async fn open_if_moved(&self, id: OrganizationId) {
        let is_open = id == self.home.organization() || {
            let others = self.others.read().unwrap_or_else(PoisonError::into_inner);
            others.contains_key(&id)
        };
        let rests = || self.openings.failed_within(id, RESTS_UNASKED).is_some();
        if !is_open && !rests() && self.host.has_moved(id).await {
            // Why it is not is in the log already.
            drop(self.open(id).await);
        }
    }

    /// Closes those that nobody has asked for in this time, nobody holds, and no run is left to work in.
    pub async fn close_unused(&self, after: Duration) {
        // Who waited for those that are being opened would keep those waiting that are asked for meanwhile.
        let Ok(_turn) = self.turn.try_write() else {
            return;
        };
        let since = self.now().saturating_sub(millis(after));
        let unused: Vec<(Open, u64)> = {
            let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
            // While this is locked nobody new can get hold of one.
            let unused: Vec<_> = others
                .iter()
                .filter_map(|(id, open)| Some((*id, open.idle_at(since)?)))
                .collect();
            let unused = unused
                .into_iter()
                .filter_map(|(id, at)| Some((others.remove(&id)?, at)))
                .collect();
            gauge!("devteam_organizations_open").set(others.len() as f64 + 1.0);
            unused
        };
        // At once: a journal that answers slowly holds up each of them, and who wants another one opened waits.
        let closing = unused.into_iter().map(|(Open { hosted, .. }, idle_at)| {
            let organization = hosted.state.organization();
            tracing::info!(%organization, idle_at, "nobody uses an organization: it is closed");
            self.host.close(hosted.state, idle_at)
        });
        join_all(closing).await;
    }

    /// Closes all, when the server stops.
    pub async fn close_all(&self) {
        let _turn = self.turn.write().await;
        let closing = self.all().into_iter().map(|state| {
            let at = state.engine.model().cursor.seq;
            self.host.close(state, at)
        });
        join_all(closing).await;
    }

    /// Tells when one was opened.
    pub fn opened(&self) -> watch::Receiver<u64> {
        self.opened.subscribe()
    }

    fn now(&self) -> u64 {
        millis(self.begun.elapsed())
    }
}

impl Open {
    /// The event that it is at, if nobody has asked for it since then, nobody holds it, and no run is left to work in.
    fn idle_at(&self, since: u64) -> Option<u64> {
        let Hosted { state, holders } = &self.hosted;
        let model = state.engine.model();
        let is_idle = self.used.load(Ordering::Relaxed) < since
            && Arc::strong_count(state) <= *holders
            && model.aggregate.live_runs().next().is_none();
        is_idle.then_some(model.cursor.seq)
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
