//! One run, worked from its claim to its end.

mod answer;
mod turns;
mod use_tool;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use shared_types::{
    ErrorCode, Organization,
    command::{Command, WorkStep},
    model::{Entity, FailureReason, Run, RunState, Usage},
    state::Sight,
    value::{Body, RunId},
};
use tokio_util::sync::CancellationToken;

use super::{
    act,
    lease::RENEW_EVERY,
    log::{LogError, LogWriter},
    prompt::Fence,
    provider::Provider,
};
use crate::{
    api::State,
    engine::{Answer, Failure},
};

/// A run that this worker has claimed.
pub(super) struct Job {
    state: Arc<State>,
    /// As it was when it was claimed.
    run: Run,
    fence: u64,
    provider: Arc<Provider>,
    /// What its tools see: no more than the project that the work is in.
    sight: Sight,
    mark: Fence,
    stop: CancellationToken,
    /// What the call that is under way has come to so far, at most, in tokens and micro-dollars.
    unpaid: Mutex<Option<(Usage, u64)>>,
    /// It, or the first of the runs before it whose workers went down one after the other.
    origin: RunId,
    /// How often each call that makes something was carried out, by its hash.
    made: Mutex<HashMap<String, u32>>,
}

/// Why a run comes to nothing.
#[derive(Debug)]
enum Broken {
    /// It is not ours any more: somebody has cancelled it, or another has it.
    Lost,
    /// It fails.
    Failed(FailureReason, String),
}

impl From<LogError> for Broken {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Stale(_) => Broken::Lost,
            LogError::Broken(why) => Broken::Failed(FailureReason::Internal, why),
        }
    }
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

impl Job {
    pub(super) fn new(
        state: &Arc<State>,
        run: &Run,
        fence: u64,
        provider: Arc<Provider>,
        stop: CancellationToken,
    ) -> Self {
        let model = state.engine.model();
        let item = model.aggregate.item(run.item);
        let project = item.and_then(|item| item.project);
        Self {
            state: Arc::clone(state),
            run: run.clone(),
            fence,
            provider,
            sight: project.map_or(Sight::Organization, Sight::Project),
            mark: Fence::draw(),
            stop,
            unpaid: Mutex::default(),
            origin: origin(&model.aggregate, run),
            made: Mutex::default(),
        }
    }

    /// Works it. Whatever happens, the run is not left running when this ends, as long as anything can be written.
    pub(super) async fn carry_out(self) {
        let minutes = self.limits().minutes;
        let wall = Duration::from_secs(60 * u64::from(minutes));
        let mut log = LogWriter::new(&self.state.office.logs, self.run.id(), self.fence);
        let ended = tokio::select! {
            biased;
            () = self.lost() => Err(Broken::Lost),
            () = self.stop.cancelled() => {
                self.settle().await;
                self.end(WorkStep::Release).await;
                Err(Broken::Lost)
            }
            () = self.keep_lease() => Err(Broken::Lost),
            ended = tokio::time::timeout(wall, self.turns(&mut log)) => ended.unwrap_or_else(|_| {
                let why = format!("The run took longer than its {minutes} minutes.");
                Err(Broken::Failed(FailureReason::Internal, why))
            }),
        };
        // What was said last is part of the log, whatever comes of the run.
        if let Err(error) = log.flush().await {
            tracing::debug!(%error, run = %self.run.id(), "the end of a log is lost");
        }
        if let Err(Broken::Failed(failure, why)) = ended {
            self.settle().await;
            tracing::info!(run = %self.run.id(), ?failure, why, "a run failed");
            let reason = why.chars().take(2_000).collect::<String>();
            let reason: Body = reason.replace('\0', " ").parse().unwrap_or_default();
            self.end(WorkStep::Fail { failure, reason }).await;
        }
        self.prune().await;
    }

    fn limits(&self) -> shared_types::model::AgentLimits {
        let model = self.state.engine.model();
        let member = model.aggregate.member(self.run.member);
        let profile = member.and_then(|member| member.agent.as_ref());
        profile.map(|profile| profile.limits).unwrap_or_default()
    }

    /// Ends when the run is not ours any more.
    async fn lost(&self) {
        let mut moved = self.state.engine.moved();
        loop {
            let is_ours = self.is_ours();
            if !is_ours || moved.changed().await.is_err() {
                return;
            }
        }
    }

    fn is_ours(&self) -> bool {
        let model = self.state.engine.model();
        let run = model.aggregate.run(self.run.id());
        run.is_some_and(|run| run.state == RunState::Running && run.claim == Some(self.fence))
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

    /// One step of the run itself.
    async fn step(&self, step: WorkStep) -> Result<Answer, Broken> {
        let (run, fence) = (self.run.id(), self.fence);
        let command = Command::WorkRun { run, fence, step };
        let request = act::request(&self.run, command);
        let done = self.state.engine.execute(request).await;
        done.map_err(|failure| match failure {
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

    /// The last step. Where it can't be written, the lease lapses.
    async fn end(&self, step: WorkStep) {
        if let Err(Broken::Failed(_, why)) = self.step(step).await {
            tracing::warn!(run = %self.run.id(), why, "the end of a run can't be written");
        }
    }

    async fn prune(&self) {
        let model = self.state.engine.model();
        let live = model.aggregate.live_runs().map(|run| run.id()).collect();
        let office = &self.state.office;
        if let Err(error) = office.logs.prune(office.settings.logs_kept, live).await {
            tracing::warn!(%error, "old logs can't be forgotten");
        }
    }
}
