use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use shared_types::{
    ErrorCode, Organization,
    command::{Command, Engaged},
    model::{Entity, Run, RunState},
    value::{Name, RunId},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{act, desk::Here, job::Job, provider::Provider};
use crate::{api::State, auth::now, engine::Failure};

/// Runs that one organization's worker works at the same time.
const MOST_AT_ONCE: usize = 64;
/// Between two looks at the queue, at least.
const PACE: Duration = Duration::from_millis(100);
/// And at most: a run may become ready with time alone.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// After a claim that was refused for a reason that time or somebody else has to change.
const REFUSED_FOR: Duration = Duration::from_secs(10);

/// Works the runs of an organization until it is told to stop; then it lets go of those that it has.
pub async fn work(state: Arc<State>, stop: CancellationToken) {
    let jobs = TaskTracker::new();
    let mut moved = state.engine.moved();
    let mut refused: HashMap<RunId, Instant> = HashMap::new();
    while !stop.is_cancelled() {
        refused.retain(|_, at| at.elapsed() < REFUSED_FOR);
        for (run, provider) in claimable(&state) {
            if jobs.len() >= MOST_AT_ONCE || refused.contains_key(&run.id()) {
                continue;
            }
            match claim(&state, &run, &provider).await {
                Ok(Some(Claim { fence, model })) => {
                    let job = Job {
                        desk: Arc::new(Here::new(&state, &run, fence)),
                        run: run.id(),
                        provider,
                        model,
                        stall: state.office.settings.stall,
                        stop: stop.clone(),
                        unpaid: Mutex::default(),
                        said: Mutex::default(),
                    };
                    jobs.spawn(job.carry_out());
                }
                // Somebody else has it.
                Ok(None) => {}
                Err(failure) => {
                    tracing::debug!(%failure, run = %run.id(), "a claim was refused");
                    refused.insert(run.id(), Instant::now());
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => break,
            _ = moved.changed() => tokio::time::sleep(PACE).await,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
    jobs.close();
    jobs.wait().await;
}

/// The runs that could be claimed now, with whose model they are worked.
fn claimable(state: &State) -> Vec<(Run, Arc<Provider>)> {
    let model = state.engine.model();
    let model = &model.aggregate;
    if model.profile.agents_stopped {
        return Vec::new();
    }
    let is_ready = |run: &&Arc<Run>| {
        run.state == RunState::Queued
            && run.not_before.is_none_or(|until| until <= now())
            && has_room(model, run)
    };
    let provider = |run: &Arc<Run>| {
        let profile = model.member(run.member)?.agent.as_ref()?;
        let provider = state.office.providers.of(profile)?;
        Some((Run::clone(run), provider))
    };
    model
        .live_runs()
        .filter(is_ready)
        .filter_map(provider)
        .collect()
}

/// Whether its member may have one more at work. (Where two are claimed at once, the rules refuse the second.)
fn has_room(model: &Organization, run: &Run) -> bool {
    let profile = model
        .member(run.member)
        .and_then(|member| member.agent.as_ref());
    let most = profile.map_or(0, |profile| profile.limits.running);
    let running = model
        .live_runs()
        .filter(|other| other.member == run.member && other.state == RunState::Running);
    running.count() < most as usize
}

/// A run that was claimed.
struct Claim {
    fence: u64,
    model: Option<Name>,
}

/// Claims a run; none where it is somebody else's already.
async fn claim(state: &State, run: &Run, provider: &Provider) -> Result<Option<Claim>, Failure> {
    let model = state.engine.model();
    let member = model.aggregate.member(run.member);
    let profile = member.and_then(|member| member.agent.as_ref());
    let named = profile.and_then(|profile| profile.model.clone());
    let model = named.or_else(|| provider.model.clone());
    let engaged = Engaged {
        provider: provider.name.clone(),
        model: model.clone(),
    };
    let command = Command::ClaimRun {
        run: run.id(),
        engaged,
    };
    match state.engine.execute(act::request(run, command)).await {
        // Another worker's claim may have come behind ours by the time we look: what counts is our own answer.
        Ok(answer) => {
            let fence = answer.entity["claim"].as_u64();
            Ok(fence.map(|fence| Claim { fence, model }))
        }
        Err(Failure::Rejected { rejection, .. }) if rejection.code == ErrorCode::WrongState => {
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}
