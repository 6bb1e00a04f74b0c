//! Finds the runs whose worker is gone.

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
use crate::{api::State, engine::Request};

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Looks until cancelled. That a lease has lapsed is for the rules to decide: they take it only of the claim that it was
/// found of.
pub async fn observe(state: Arc<State>, cancelled: CancellationToken) {
    let mut pace = tokio::time::interval(LOOK_EVERY);
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while cancelled.run_until_cancelled(pace.tick()).await.is_some() {
        // While nothing can be written, a worker can't say what it has done either.
        if state.engine.health().writes {
            look(&state).await;
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
        if leases.silent_for(run, claim).await < LEASE {
            continue;
        }
        tracing::warn!(%run, claim, "nothing was heard of the worker of a run");
        let lapse = Request {
            command: Command::LapseRun { run, claim },
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
        if let Err(failure) = state.engine.execute(lapse).await {
            // Its worker was quicker, or a person.
            tracing::debug!(%failure, %run, "a lapse was refused");
        }
    }
}
