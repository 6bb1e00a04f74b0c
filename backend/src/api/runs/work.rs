//! What workers elsewhere do: the same that the server's own does.

use std::time::{Duration, Instant};

use actix_web::{
    post,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};
use shared_types::{
    ErrorCode, Rejection,
    command::{Command, NewProposal, WorkStep},
    model::{FailureReason, Run, RunResult, RunState, ToolCall, Usage},
    value::{Body, RunId},
};
use tokio::time::timeout_at;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::fence::{check_claim, check_time};
use crate::{
    agents::lease::LEASE,
    api::{
        ApiError,
        path::RunPath,
        write::{Reply, Write},
    },
    auth::Auth,
};

/// Seconds that an answer is held back, at most.
const MOST_WAIT: u64 = 30;

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(renew)
        .service(reserve)
        .service(ask)
        .service(submit)
        .service(fail)
        .service(release);
}

/// That the worker is there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct There {
    /// The `fence` of the claim.
    fence: u64,
    /// For how many seconds the answer is held back, at most 30: whoever waits is told at once when the run is not theirs any
    /// more.
    #[serde(default)]
    wait: u64,
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
async fn renew(path: Path<RunPath>, write: Write, auth: Data<Auth>) -> Reply {
    let There { fence, wait } = write.body()?;
    if wait > MOST_WAIT {
        let message = format!("must be at most {MOST_WAIT} seconds");
        return Err(Rejection::field(ErrorCode::Validation, "/wait", message).into());
    }
    let run = path.into_inner().run;
    check_claim(&write, run, fence).await?;
    write.state().office.leases.renew(run, fence).await;
    if wait > 0 {
        let principal = write.principal();
        let _held = auth.hold(Some(principal), principal.from)?;
        let until = Instant::now() + Duration::from_secs(wait);
        let mut moved = write.state().engine.moved();
        while !write.state().hub.is_closing()
            && let Ok(Ok(())) = timeout_at(until.into(), moved.changed()).await
        {
            check_claim(&write, run, fence).await?;
        }
    }
    Ok(write.plain(Renewed {
        lease_seconds: LEASE.as_secs(),
    }))
}

/// What the last call to a model came to. Counted before anything else is done. Where the run has used more tokens than it may
/// with that, it is over, and nothing else is done.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Bill {
    usage: Usage,
    /// Micro-dollars, at most what was put aside for the call.
    cost: u64,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reserve {
    /// The `fence` of the claim.
    fence: u64,
    /// Micro-dollars that the next call may cost at most. Without it there is none yet, and only the bill is counted.
    #[serde(default)]
    amount: Option<u64>,
    #[serde(default)]
    bill: Option<Bill>,
}

/// Put money aside for the next call to a model
///
/// Each is a turn of the run. 409 `budget_exceeded` where a budget would be passed, `limit_reached` where it has no turn or no
/// minute left: then make no call, and let the run fail. What was put aside for the call before and never billed counts as spent.
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
    match (amount, bill) {
        (Some(amount), bill) => step(write, run, fence, bill, WorkStep::Reserve { amount }).await,
        (None, Some(bill)) => step(write, run, fence, None, bill.into()).await,
        (None, None) => {
            let message =
                "must be given: say what the call may cost, or in `bill` what the last one came to";
            Err(Rejection::field(ErrorCode::Validation, "/amount", message).into())
        }
    }
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

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Release {
    /// The `fence` of the claim.
    fence: u64,
    #[serde(default)]
    bill: Option<Bill>,
}

/// Let go
///
/// The run is queued again, and another worker begins it anew.
#[utoipa::path(
    tag = "workers",
    params(RunPath),
    request_body(content = Release, example = json!({ "fence": 118 })),
    responses((status = 200, body = Run)),
)]
#[post("/runs/{run}/release")]
async fn release(path: Path<RunPath>, write: Write) -> Reply {
    let Release { fence, bill } = write.body()?;
    let run = path.into_inner().run;
    step(write, run, fence, bill, WorkStep::Release).await
}

impl From<Bill> for WorkStep {
    fn from(Bill { usage, cost }: Bill) -> Self {
        WorkStep::Spend { usage, cost }
    }
}

/// Counts what was spent, and then does the step.
async fn step(write: Write, run: RunId, fence: u64, bill: Option<Bill>, step: WorkStep) -> Reply {
    if let Some(bill) = bill {
        let step = bill.into();
        let spend = Command::WorkRun { run, fence, step };
        let counted = write.ask_once(spend, "bill").await?;
        if counted.entity["state"] == RunState::Failed.as_str() {
            let why = counted.entity["reason"].as_str().unwrap_or_default();
            let detail = format!("{why} It is over: stop working it.");
            return Err(ApiError::new(ErrorCode::BudgetExceeded, detail));
        }
    }
    if !matches!(step, WorkStep::Fail { .. }) {
        check_time(&write, run, fence).await?;
    }
    write.state().office.leases.renew(run, fence).await;
    write.change(Command::WorkRun { run, fence, step }).await
}
