//! Looks after runs, whoever works them: finds those whose worker is gone and those that workers had for all their minutes, and
//! forgets old logs.

use std::{sync::Arc, time::Duration};

use shared_types::{
    command::Command,
    event::{Actor, ActorKind},
    model::{Entity, RunState},
    state::Sight,
    value::RunId,
};
use tokio_util::sync::CancellationToken;

use super::lease::LEASE;
use crate::{api::State, auth::now, engine::Request};

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Looks until cancelled. That a lease has lapsed is for the rules to decide: they take it only of the claim that it was
/// found of.
pub async fn observe(state: Arc<State>, cancelled: CancellationToken) {
    let mut pace = tokio::time::interval(LOOK_EVERY);
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut pruned = None;
    while cancelled.run_until_cancelled(pace.tick()).await.is_some() {
        let version = state.office.logs.version();
        if pruned.replace(version) != Some(version) {
            forget_old_logs(&state).await;
        }
        // While nothing can be written, a worker can't say what it has done either.
        match state.engine.health().writes {
            true => look(&state).await,
            // The time begins anew when it can.
            false => state.office.leases.keep_only(&[]).await,
        }
    }
}

async fn look(state: &State) {
    let model = state.engine.model();
    let running = model.aggregate.live_runs();
    let claims: Vec<(RunId, u64)> = running
        .filter(|run| run.state == RunState::Running)
        .filter_map(|run| Some((run.id(), run.claim?)))
        .collect();
    drop(model);
    let leases = &state.office.leases;
    leases.keep_only(&claims).await;
    for (run, claim) in claims {
        if is_out_of_time(state, run) {
            end_out_of_time(state, run, claim).await;
        } else if leases.silent_for(run, claim).await >= LEASE {
            tracing::warn!(%run, claim, "nothing was heard of the worker of a run");
            end(state, run, Command::LapseRun { run, claim }).await;
        }
    }
}

async fn forget_old_logs(state: &State) {
    let model = state.engine.model();
    let live = model.aggregate.live_runs().map(|run| run.id()).collect();
    let office = &state.office;
    if let Err(error) = office.logs.prune(office.settings.logs_kept, live).await {
        tracing::warn!(%error, "old logs can't be forgotten");
    }
}

fn is_out_of_time(state: &State, run: RunId) -> bool {
    let model = state.engine.model();
    let run = model.aggregate.run(run);
    run.is_some_and(|run| model.aggregate.is_out_of_time(run, now()))
}

/// Ends a run that workers had for all its minutes.
pub async fn end_out_of_time(state: &State, run: RunId, claim: u64) {
    end(state, run, Command::EndRunOutOfTime { run, claim }).await;
}

async fn end(state: &State, run: RunId, command: Command) {
    let request = Request {
        command,
        actor: Actor {
            kind: ActorKind::System,
            id: "leases".into(),
            run: None,
        },
        member: None,
        cause: format!("lease-{run}"),
        sight: Sight::Organization,
        from: None,
        idempotency: None,
    };
    if let Err(failure) = state.engine.execute(request).await {
        // Its worker was quicker, or a person.
        tracing::debug!(%failure, %run, "the end of a run was refused");
    }
}
