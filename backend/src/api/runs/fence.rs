//! Whose run it is, and for how long.

use shared_types::{
    ErrorCode, Rejection,
    model::{Entity, Run, RunState},
    value::RunId,
};

use crate::{
    agents::observer::end_out_of_time,
    api::{ApiError, write::Write},
    auth::now,
};

/// Refuses whoever has not claimed the run, or not with this claim, or had it for all its minutes.
pub(super) async fn check_claim(write: &Write, id: RunId, fence: u64) -> Result<(), ApiError> {
    let model = write.model();
    let sight = write.principal().sight;
    let run = model.aggregate.run(id);
    let run = run.filter(|run| model.aggregate.sees_run(sight, run));
    let run = run.ok_or_else(|| Rejection::not_found("run", id))?;
    if is_claimed(run, fence) {
        return check_minutes(write, run, fence).await;
    }
    let state = run.state.as_str();
    let detail = format!("The run is {state}, and {fence} is not its claim: stop working it.");
    Err(ApiError::new(ErrorCode::StaleClaim, detail))
}

/// The second half of that, for what looks at the claim itself.
pub(super) async fn check_time(write: &Write, id: RunId, fence: u64) -> Result<(), ApiError> {
    let model = write.model();
    match model.aggregate.run(id) {
        Some(run) if is_claimed(run, fence) => check_minutes(write, run, fence).await,
        _ => Ok(()),
    }
}

fn is_claimed(run: &Run, fence: u64) -> bool {
    run.state == RunState::Running && run.claim == Some(fence)
}

/// Ends a run that workers had for all its minutes, and says so.
async fn check_minutes(write: &Write, run: &Run, fence: u64) -> Result<(), ApiError> {
    let model = write.model();
    if !model.aggregate.is_out_of_time(run, now()) {
        return Ok(());
    }
    end_out_of_time(write.state(), run.id(), fence).await;
    let minutes = model.aggregate.limits_of(run).minutes;
    let detail =
        format!("The run took longer than its {minutes} minutes, and is over: stop working it.");
    Err(ApiError::new(ErrorCode::LimitReached, detail))
}
