//! The desk in the server that has the board.

use std::{net::IpAddr, sync::Arc, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use shared_types::{
    ErrorCode, Organization,
    command::{Command, WorkStep},
    model::{Entity, FailureReason, LogEntry, Run, RunState},
    state::Sight,
    value::RunId,
};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};

use super::{Brief, Broken, Desk, Mark, Used, brief::brief};
use crate::{
    agents::{act, lease::RENEW_EVERY, llm::Call, log::LogError},
    api::State,
    engine::{Answer, Failure, IdempotencyKey, Request},
};

/// How long a worker in this server tries again where nothing can be written: for less than a lease.
const PATIENCE: Duration = Duration::from_secs(45);
const AGAIN: Duration = Duration::from_millis(500);

/// A run that was claimed.
pub struct Here {
    pub(super) state: Arc<State>,
    /// As it was when this was made.
    pub(super) run: Run,
    pub(super) fence: u64,
    /// What its tools see: no more than the backlog that the work is in.
    pub(super) sight: Sight,
    /// It, or the first of the runs before it whose workers went down one after the other.
    pub(super) origin: RunId,
    /// Where its worker is, if not here.
    from: Option<IpAddr>,
    /// How long it is tried again where nothing can be written.
    patience: Duration,
    /// Where the log ends, as far as it was told; held while it is written.
    written: Mutex<Option<u64>>,
}

/// The first of the runs that took each other's place because a worker went down.
fn origin(model: &Organization, run: &Run) -> RunId {
    let mut origin = run;
    loop {
        let is_before = |other: &&Arc<Run>| {
            other.attempt + 1 == origin.attempt && other.failure == Some(FailureReason::LeaseLost)
        };
        match model.runs_of(run.item).find(is_before) {
            Some(before) => origin = before,
            None => return origin.id(),
        }
    }
}

/// What who works a run sees of the organization: no more than the project that the work is in, or the organization's own
/// backlog, nor than they see anyhow.
pub fn sight_of(model: &Organization, run: &Run, sight: Sight) -> Sight {
    // A sight that has the run is all, its project, or its member's part of it.
    if !sight.is_everything() {
        return sight;
    }
    let item = model.item(run.item);
    let project = item.and_then(|item| item.project);
    project.map_or(Sight::Backlog, Sight::Project)
}

impl Here {
    /// A run by its claim, for a worker in this server.
    pub fn new(state: &Arc<State>, run: &Run, fence: u64) -> Self {
        Self {
            patience: PATIENCE,
            ..Self::seen_by(state, run, fence, (Sight::Organization, None))
        }
    }

    /// The same for one elsewhere, who sees so much, and tries again as long as they want.
    pub fn seen_by(
        state: &Arc<State>,
        run: &Run,
        fence: u64,
        (sight, from): (Sight, Option<IpAddr>),
    ) -> Self {
        let model = state.engine.model();
        Self {
            state: Arc::clone(state),
            run: run.clone(),
            fence,
            sight: sight_of(&model.aggregate, run, sight),
            origin: origin(&model.aggregate, run),
            from,
            patience: Duration::ZERO,
            written: Mutex::default(),
        }
    }

    pub(super) fn request(&self, command: Command) -> Request {
        let mut request = act::request(&self.run, command);
        request.from = self.from;
        request
    }

    /// One step of the run itself.
    pub(super) async fn take(&self, step: WorkStep) -> Result<(), Broken> {
        let (run, fence) = (self.run.id(), self.fence);
        let mut request = self.request(Command::WorkRun { run, fence, step });
        let key = uuid::Uuid::new_v4().to_string();
        request.idempotency = Some(IdempotencyKey {
            principal: run.to_string(),
            request_hash: key.clone(),
            key,
        });
        let done = self.insist(&request).await;
        done.map(drop).map_err(|failure| match failure {
            Failure::Rejected { rejection, .. } => match rejection.code {
                ErrorCode::StaleClaim | ErrorCode::NotFound => Broken::Lost,
                ErrorCode::BudgetExceeded => {
                    Broken::Failed(FailureReason::BudgetExceeded, rejection.detail)
                }
                ErrorCode::LimitReached => {
                    Broken::Failed(FailureReason::Internal, rejection.detail)
                }
                _ => Broken::Failed(FailureReason::InvalidOutput, rejection.detail),
            },
            other => Broken::Failed(FailureReason::Internal, other.to_string()),
        })
    }

    /// Asks again while nothing can be written; what has a key, which is done once, also where it is not known whether it was.
    pub(super) async fn insist(&self, request: &Request) -> Result<Answer, Failure> {
        let deadline = Instant::now() + self.patience;
        loop {
            match self.state.engine.execute(request.clone()).await {
                Err(Failure::Unavailable(_)) if Instant::now() < deadline => {}
                Err(Failure::OutcomeUnknown)
                    if request.idempotency.is_some() && Instant::now() < deadline => {}
                done => return done,
            }
            sleep(AGAIN).await;
        }
    }

    /// Adds to the log, and tries again while it can't be written.
    pub(super) async fn log(&self, entries: Vec<LogEntry>) -> Result<(), Broken> {
        let (run, logs) = (self.run.id(), &self.state.office.logs);
        let deadline = Instant::now() + self.patience;
        let mut written = self.written.lock().await;
        loop {
            match logs.append(run, self.fence, entries.clone()).await {
                Ok(first) => {
                    *written = Some(first + entries.len() as u64 - 1);
                    return Ok(());
                }
                Err(LogError::Broken(_)) if Instant::now() < deadline => sleep(AGAIN).await,
                Err(error) => return Err(error.into()),
            }
            // It may have been written though nobody said so: it is read where it is kept. Only we write with this claim.
            logs.written_elsewhere(run);
            if let (Some(before), Ok(page)) = (*written, logs.read(run, u64::MAX, 1).await)
                && page.last > before
            {
                *written = Some(page.last);
                return Ok(());
            }
        }
    }

    async fn told(&self) -> Result<Brief, Broken> {
        let model = self.state.engine.model();
        let run = model.aggregate.run(self.run.id()).ok_or(Broken::Lost)?;
        let brief = brief(&model.aggregate, run, self.sight, Mark::draw());
        let mut brief = brief.ok_or(Broken::Lost)?;
        brief.done = self.use_approved(run, &brief.mark).await?;
        Ok(brief)
    }

    fn is_ours(&self) -> bool {
        let model = self.state.engine.model();
        let run = model.aggregate.run(self.run.id());
        run.is_some_and(|run| run.state == RunState::Running && run.claim == Some(self.fence))
    }

    /// Ends when the run is not ours any more.
    pub async fn lost(&self) {
        let mut moved = self.state.engine.moved();
        while self.is_ours() {
            if moved.changed().await.is_err() {
                return;
            }
        }
    }

    /// Says that we are there; never ends.
    async fn keep_lease(&self) {
        let mut pace = tokio::time::interval(RENEW_EVERY);
        loop {
            pace.tick().await;
            let leases = &self.state.office.leases;
            leases.renew(self.run.id(), self.fence).await;
        }
    }
}

impl Desk for Here {
    fn begin(&self) -> BoxFuture<'_, Result<Brief, Broken>> {
        self.told().boxed()
    }

    fn write(&self, entries: Vec<LogEntry>) -> BoxFuture<'_, Result<(), Broken>> {
        self.log(entries).boxed()
    }

    fn step(&self, step: WorkStep) -> BoxFuture<'_, Result<(), Broken>> {
        self.take(step).boxed()
    }

    fn use_tool<'a>(&'a self, call: &'a Call, nth: u32) -> BoxFuture<'a, Result<Used, Broken>> {
        async move {
            match self.use_hands(call, nth).await {
                Err(Broken::Failed(failure, text)) => Ok(Used::Failed { failure, text }),
                used => used,
            }
        }
        .boxed()
    }

    fn hold(&self) -> BoxFuture<'_, ()> {
        async {
            tokio::select! {
                () = self.lost() => {}
                () = self.keep_lease() => {}
            }
        }
        .boxed()
    }
}
