//! What workers elsewhere do: the same that the server's own does.

use std::time::{Duration, Instant};

use actix_web::{
    HttpResponse, post,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared_types::{
    ErrorCode, Rejection,
    command::{Command, Engaged, NewProposal, WorkStep},
    decide::Subject,
    model::{Entity, FailureReason, Item, Run, RunResult, RunState, ToolCall, Usage},
    topic::MemberRef,
    value::{Body, Name, RunId},
};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    agents::lease::LEASE,
    api::{
        ApiError, entity,
        path::RunPath,
        write::{Reply, Write},
    },
    auth::{Auth, now},
};

/// Seconds that a claim waits for something to claim, at most.
const MOST_WAIT: u64 = 30;

/// Before the routes with a run in their path: `claim` is none.
pub(super) fn configure_claim(config: &mut ServiceConfig) {
    config.service(claim);
}

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(renew)
        .service(reserve)
        .service(ask)
        .service(submit)
        .service(fail);
}

/// What a worker offers to do.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Offer {
    /// Only runs of this member, by id or slug. (A token for one member sees no others.)
    #[schema(value_type = Option<String>)]
    member: Option<MemberRef>,
    /// Seconds to wait for one, at most 30.
    wait: u64,
    /// Whose model will work; `external` when not given.
    provider: Option<Name>,
    /// Which model.
    model: Option<Name>,
}

/// A run that is yours until you submit it, or are silent for a minute.
#[derive(Debug, Serialize, ToSchema)]
struct Claimed {
    run: Run,
    /// To be given with everything that you write.
    fence: u64,
    /// Say within so many seconds that you are there.
    lease_seconds: u64,
    /// What is to be done, with its description; of what it names, only what you see.
    #[schema(value_type = Item)]
    item: Value,
}

/// Claim a run that is queued
///
/// 204 where there is none in the time given.
#[utoipa::path(
    tag = "workers",
    request_body(content = Option<Offer>, example = json!({ "member": "scout", "wait": 20 })),
    responses((status = 200, body = Claimed), (status = 204, description = "Nothing to do")),
)]
#[post("/runs/claim")]
async fn claim(write: Write, auth: Data<Auth>) -> Reply {
    let offer: Offer = write.body_or_default()?;
    if offer.wait > MOST_WAIT {
        let message = format!("must be at most {MOST_WAIT} seconds");
        return Err(Rejection::field(ErrorCode::Validation, "/wait", message).into());
    }
    let principal = write.principal();
    let _held = auth.hold(Some(principal), principal.from)?;
    let until = Instant::now() + Duration::from_secs(offer.wait);
    let mut moved = write.state().engine.moved();
    loop {
        for run in claimable(&write, &offer)? {
            if let Some(claimed) = try_claim(&write, run, &offer).await? {
                return Ok(write.plain(claimed));
            }
        }
        let left = until.saturating_duration_since(Instant::now());
        // Time alone may make one ready.
        let left = left.min(Duration::from_secs(1));
        if left.is_zero() || write.state().hub.is_closing() {
            return Ok(HttpResponse::NoContent().finish());
        }
        let _ = tokio::time::timeout(left, moved.changed()).await;
    }
}

/// The runs that could be claimed now, oldest first.
fn claimable(write: &Write, offer: &Offer) -> Result<Vec<RunId>, ApiError> {
    let model = write.model();
    let model = &model.aggregate;
    let sight = write.principal().sight;
    let member = match &offer.member {
        None => None,
        Some(name) => {
            let found = model.find_member(name).map(|member| member.id());
            let seen = found.filter(|id| model.may_name_member(sight, *id));
            let missing = || {
                Rejection::field(
                    ErrorCode::Validation,
                    "/member",
                    format!("there is no member {name}"),
                )
            };
            Some(seen.ok_or_else(missing)?)
        }
    };
    let is_ready = |run: &&std::sync::Arc<Run>| {
        run.state == RunState::Queued
            && model.sees_run(sight, run)
            && member.is_none_or(|member| run.member == member)
            && run.not_before.is_none_or(|until| until <= now())
    };
    Ok(model
        .live_runs()
        .filter(is_ready)
        .map(|run| run.id())
        .collect())
}

async fn try_claim(write: &Write, run: RunId, offer: &Offer) -> Result<Option<Claimed>, ApiError> {
    let engaged = Engaged {
        provider: match &offer.provider {
            Some(provider) => provider.clone(),
            None => "external".parse().map_err(|_| not_there())?,
        },
        model: offer.model.clone(),
    };
    let answer = match write.ask(Command::ClaimRun { run, engaged }).await {
        Ok(answer) => answer,
        // Somebody else was quicker, or its member is busy.
        Err(refused) if refused.code().status() == 409 => return Ok(None),
        Err(error) => return Err(error),
    };
    let run: Run = serde_json::from_value(answer.entity).map_err(|_| not_there())?;
    let fence = run.claim.ok_or_else(not_there)?;
    let model = write.model();
    let item = entity::render(&model.aggregate, Subject::Item(run.item));
    let item = entity::narrow(&model.aggregate, write.principal().sight, item);
    write.state().office.leases.renew(run.id(), fence).await;
    Ok(Some(Claimed {
        fence,
        lease_seconds: LEASE.as_secs(),
        item,
        run,
    }))
}

fn not_there() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "What was claimed is gone already.")
}

/// Refuses whoever has not claimed the run, or not with this claim.
pub(super) fn check_claim(write: &Write, id: RunId, fence: u64) -> Result<(), ApiError> {
    let model = write.model();
    let sight = write.principal().sight;
    let run = model.aggregate.run(id);
    let run = run.filter(|run| model.aggregate.sees_run(sight, run));
    let run = run.ok_or_else(|| Rejection::not_found("run", id))?;
    if run.state == RunState::Running && run.claim == Some(fence) {
        return Ok(());
    }
    let state = run.state.as_str();
    let detail = format!("The run is {state}, and {fence} is not its claim: stop working it.");
    Err(ApiError::new(ErrorCode::StaleClaim, detail))
}

/// That the worker is there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct There {
    /// The `fence` of the claim.
    fence: u64,
}

/// How long that counts.
#[derive(Debug, Serialize, ToSchema)]
struct Renewed {
    lease_seconds: u64,
}

/// Say that you are still working a run
#[utoipa::path(
    tag = "workers",
    params(RunPath),
    request_body(content = There, example = json!({ "fence": 118 })),
    responses((status = 200, body = Renewed)),
)]
#[post("/runs/{run}/renew")]
async fn renew(path: Path<RunPath>, write: Write) -> Reply {
    let There { fence } = write.body()?;
    let run = path.into_inner().run;
    check_claim(&write, run, fence)?;
    write.state().office.leases.renew(run, fence).await;
    Ok(write.plain(Renewed {
        lease_seconds: LEASE.as_secs(),
    }))
}

/// What the last call to a model came to. Counted before anything else is done.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Bill {
    usage: Usage,
    /// Micro-dollars.
    cost: u64,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reserve {
    /// The `fence` of the claim.
    fence: u64,
    /// Micro-dollars that the next call may cost at most.
    amount: u64,
    #[serde(default)]
    bill: Option<Bill>,
}

/// Put money aside for the next call to a model
///
/// 409 `budget_exceeded` where a budget would be passed: then make no call, and let the run fail.
#[utoipa::path(
    tag = "workers",
    params(RunPath),
    request_body(content = Reserve, example = json!({ "fence": 118, "amount": 25000 })),
    responses((status = 200, body = Run)),
)]
#[post("/runs/{run}/reserve")]
async fn reserve(path: Path<RunPath>, write: Write) -> Reply {
    let Reserve {
        fence,
        amount,
        bill,
    } = write.body()?;
    let run = path.into_inner().run;
    step(write, run, fence, bill, WorkStep::Reserve { amount }).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Ask {
    /// The `fence` of the claim.
    fence: u64,
    /// Markdown.
    question: Body,
    /// What you would do with a tool, where you ask whether you may.
    #[serde(default)]
    tool: Option<ToolCall>,
    #[serde(default)]
    bill: Option<Bill>,
}

/// Ask a person
///
/// The run is not yours any more: it waits for the answer, and is then queued again.
#[utoipa::path(
    tag = "workers",
    params(RunPath),
    request_body(content = Ask, example = json!({ "fence": 118, "question": "Which of the two forms?" })),
    responses((status = 200, body = Run)),
)]
#[post("/runs/{run}/ask")]
async fn ask(path: Path<RunPath>, write: Write) -> Reply {
    let Ask {
        fence,
        question,
        tool,
        bill,
    } = write.body()?;
    let run = path.into_inner().run;
    step(write, run, fence, bill, WorkStep::Ask { question, tool }).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Submit {
    /// The `fence` of the claim.
    fence: u64,
    /// What was done. Of a plan, what is to be said about it.
    #[serde(default)]
    result: Option<RunResult>,
    /// Of a plan, what it proposes.
    #[serde(default)]
    proposals: Vec<NewProposal>,
    #[serde(default)]
    bill: Option<Bill>,
}

/// Hand in what was done, for a review
#[utoipa::path(
    tag = "workers",
    params(RunPath),
    request_body(
        content = Submit,
        example = json!({ "fence": 118, "result": { "summary": "The form checks the address", "body": "…" } }),
    ),
    responses((status = 200, body = Run)),
)]
#[post("/runs/{run}/submit")]
async fn submit(path: Path<RunPath>, write: Write) -> Reply {
    let Submit {
        fence,
        result,
        proposals,
        bill,
    } = write.body()?;
    let run = path.into_inner().run;
    let made = match (result, proposals.is_empty()) {
        (Some(result), true) => WorkStep::Submit { result },
        (None, true) => {
            let message = "must be given: say what was done";
            return Err(Rejection::field(ErrorCode::Validation, "/result", message).into());
        }
        (result, false) => WorkStep::Propose { result, proposals },
    };
    step(write, run, fence, bill, made).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Fail {
    /// The `fence` of the claim.
    fence: u64,
    failure: FailureReason,
    /// What happened, in words.
    #[serde(default)]
    reason: Body,
    #[serde(default)]
    bill: Option<Bill>,
}

/// Give up
#[utoipa::path(
    tag = "workers",
    params(RunPath),
    request_body(content = Fail, example = json!({ "fence": 118, "failure": "tool_failed", "reason": "No network" })),
    responses((status = 200, body = Run)),
)]
#[post("/runs/{run}/fail")]
async fn fail(path: Path<RunPath>, write: Write) -> Reply {
    let Fail {
        fence,
        failure,
        reason,
        bill,
    } = write.body()?;
    let run = path.into_inner().run;
    step(write, run, fence, bill, WorkStep::Fail { failure, reason }).await
}

/// Counts what was spent, and then does the step.
async fn step(write: Write, run: RunId, fence: u64, bill: Option<Bill>, step: WorkStep) -> Reply {
    if let Some(Bill { usage, cost }) = bill {
        let step = WorkStep::Spend { usage, cost };
        write.ask(Command::WorkRun { run, fence, step }).await?;
    }
    write.state().office.leases.renew(run, fence).await;
    write.change(Command::WorkRun { run, fence, step }).await
}
