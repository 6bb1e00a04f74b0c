//! What people say to a run.

use actix_web::{post, web::Path};
use shared_types::{
    command::{AnswerRun, Command, WithReason},
    model::Run,
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api::{
    path::RunPath,
    write::{Reply, Write},
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(cancel)
        .service(answer)
        .service(accept)
        .service(reject)
        .service(retry);
}

/// Cancel a run
///
/// Its worker stops within a second, and nothing that it writes later counts.
#[utoipa::path(
    tag = "runs",
    params(RunPath),
    request_body(content = Option<WithReason>, example = json!({ "reason": "Not needed any more" })),
    responses((status = 200, body = Run)),
)]
#[post("/runs/{run}/cancel")]
async fn cancel(path: Path<RunPath>, write: Write) -> Reply {
    let WithReason { reason } = write.body_or_default()?;
    let run = path.into_inner().run;
    write.change(Command::CancelRun { run, reason }).await
}

/// Answer what a run asks
///
/// It is queued again, and sees the answer. Where it asks whether it may use a tool, `approve` says so.
#[utoipa::path(
    tag = "runs",
    params(RunPath),
    request_body(content = AnswerRun, example = json!({ "answer": "The blue one." })),
    responses((status = 200, body = Run)),
)]
#[post("/runs/{run}/answer")]
async fn answer(path: Path<RunPath>, write: Write) -> Reply {
    let answer = write.body()?;
    let run = path.into_inner().run;
    write.change(Command::AnswerRun { run, answer }).await
}

/// Accept what a run has done
///
/// The task is done; of a plan, every proposal that nothing was said to becomes an item. Not by the member that did it.
#[utoipa::path(tag = "runs", params(RunPath), responses((status = 200, body = Run)))]
#[post("/runs/{run}/accept")]
async fn accept(path: Path<RunPath>, write: Write) -> Reply {
    write.no_body()?;
    let run = path.into_inner().run;
    write.change(Command::AcceptRun { run }).await
}

/// Reject what a run has done
///
/// The task is to be done again, and the next attempt, which sees why, is queued; after the third nothing is.
#[utoipa::path(
    tag = "runs",
    params(RunPath),
    request_body(content = WithReason, example = json!({ "reason": "The second criterion does not hold." })),
    responses((status = 200, body = Run)),
)]
#[post("/runs/{run}/reject")]
async fn reject(path: Path<RunPath>, write: Write) -> Reply {
    let WithReason { reason } = write.body()?;
    let run = path.into_inner().run;
    write.change(Command::RejectRun { run, reason }).await
}

/// Try it again: another attempt by the same member
#[utoipa::path(tag = "runs", params(RunPath), responses((status = 201, body = Run)))]
#[post("/runs/{run}/retry")]
async fn retry(path: Path<RunPath>, write: Write) -> Reply {
    write.no_body()?;
    let run = path.into_inner().run;
    write.create(Command::RetryRun { run }).await
}
