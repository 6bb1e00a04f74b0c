//! The desk in the server that has the board.

use std::{net::IpAddr, sync::Arc};

use futures_util::{FutureExt, future::BoxFuture};
use shared_types::{
    ErrorCode, Organization,
    command::{Command, WorkStep},
    model::{Entity, FailureReason, LogEntry, Run, RunState},
    state::Sight,
    value::RunId,
};

use super::{Brief, Broken, Desk, Mark, Used, brief::brief};
use crate::{
    agents::{act, lease::RENEW_EVERY, llm::Call},
    api::State,
    engine::{Failure, Request},
};

/// A run that was claimed.
pub struct Here {
    pub(super) state: Arc<State>,
    /// As it was when this was made.
    pub(super) run: Run,
    pub(super) fence: u64,
    /// What its tools see: no more than the project that the work is in.
    pub(super) sight: Sight,
    /// It, or the first of the runs before it whose workers went down one after the other.
    pub(super) origin: RunId,
    /// Where its worker is, if not here.
    from: Option<IpAddr>,
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

/// What who works a run sees of the organization: no more than the project that the work is in, nor than they see anyhow.
pub fn sight_of(model: &Organization, run: &Run, sight: Sight) -> Sight {
    // A sight that has the run is all, its project, or its member's part of it.
    if !sight.is_everything() {
        return sight;
    }
    let item = model.item(run.item);
    let project = item.and_then(|item| item.project);
    project.map_or(Sight::Organization, Sight::Project)
}

impl Here {
    /// A run by its claim, for a worker in this server.
    pub fn new(state: &Arc<State>, run: &Run, fence: u64) -> Self {
        Self::seen_by(state, run, fence, (Sight::Organization, None))
    }

    /// The same for one elsewhere, who sees so much.
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
        let request = self.request(Command::WorkRun { run, fence, step });
        let done = self.state.engine.execute(request).await;
        done.map(drop).map_err(|failure| match failure {
            Failure::Rejected { rejection, .. } => match rejection.code {
                ErrorCode::StaleClaim | ErrorCode::NotFound => Broken::Lost,
                ErrorCode::BudgetExceeded => {
                    Broken::Failed(FailureReason::BudgetExceeded, rejection.detail)
                }
                _ => Broken::Failed(FailureReason::InvalidOutput, rejection.detail),
            },
            other => Broken::Failed(FailureReason::Internal, other.to_string()),
        })
    }

    pub(super) async fn log(&self, entries: Vec<LogEntry>) -> Result<(), Broken> {
        let logs = &self.state.office.logs;
        logs.append(self.run.id(), self.fence, entries).await?;
        Ok(())
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
