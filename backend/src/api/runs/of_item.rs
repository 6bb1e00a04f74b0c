use actix_web::{get, post, web::Path};
use serde::{Deserialize, Serialize};
use shared_types::{
    ErrorCode, Rejection, Topic,
    command::{Command, NewRun, ProposalPatch},
    model::{Entity, ItemKind, Proposal, Run, RunKind, RunState},
    value::RunId,
};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api::{
    ApiError,
    page::{Page, Paging},
    path::{ItemPath, ProposalPath},
    read::Read,
    write::{Reply, Write},
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(list)
        .service(start)
        .service(proposals)
        .service(plan)
        .service(accept)
        .service(dismiss);
}

/// The runs of an item, newest first
///
/// The last fifty: those before are found in the item's events (`run.created` in `/activity`), and read by their ids.
#[utoipa::path(tag = "runs", params(ItemPath, Paging), responses((status = 200, body = Page<Run>)))]
#[get("/items/{item}/runs")]
async fn list(path: Path<ItemPath>, read: Read) -> Reply {
    let paging: Paging = read.query()?;
    let model = read.organization();
    let item = read.find(&*path)?.id();
    read.list_newest_first(Topic::Item(item), &paging, model.runs_of(item), Run::clone)
}

/// Queue a run of an item
///
/// Of a task, to do it; of an epic or feature, to plan it. One that is assigned to an AI member begins by itself when it
/// is moved to `todo`.
#[utoipa::path(
    tag = "runs",
    params(ItemPath),
    request_body(content = Option<NewRun>, example = json!({ "member": "scout" })),
    responses((status = 201, body = Run)),
)]
#[post("/items/{item}/runs")]
async fn start(path: Path<ItemPath>, write: Write) -> Reply {
    let new = write.body_or_default()?;
    let item = path.into_inner().item;
    write.create(Command::StartRun { item, new }).await
}

/// What a planning run proposes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Proposals {
    /// The newest planning run of the item; null where there is none.
    run: Option<RunId>,
    state: Option<RunState>,
    /// Each goes by its place, counted from 0.
    proposals: Vec<Proposal>,
}

/// What the newest planning run of an epic or feature proposes
#[utoipa::path(tag = "runs", params(ItemPath), responses((status = 200, body = Proposals)))]
#[get("/items/{item}/proposals")]
async fn proposals(path: Path<ItemPath>, read: Read) -> Reply {
    let item = read.find(&*path)?.id();
    let plans = read.organization().runs_of(item);
    let plans = plans.filter(|run| run.kind == RunKind::Plan && !run.proposals.is_empty());
    let newest = plans.max_by_key(|run| (run.stamp.created_at, run.id()));
    read.plain(Proposals {
        run: newest.map(|run| run.id()),
        state: newest.map(|run| run.state),
        proposals: newest.map_or_else(Vec::new, |run| run.proposals.clone()),
    })
}

/// Have an epic or feature planned
///
/// Queues a planning run, as `POST /items/{item}/runs` does; what it proposes is accepted here, or all at once with the
/// run.
#[utoipa::path(
    tag = "runs",
    params(ItemPath),
    request_body(content = Option<NewRun>, example = json!({ "member": "scout" })),
    responses((status = 201, body = Run)),
)]
#[post("/items/{item}/proposals")]
async fn plan(path: Path<ItemPath>, write: Write) -> Reply {
    let new: NewRun = write.body_or_default()?;
    let item = path.into_inner().item;
    let model = write.model();
    let kind = model.aggregate.find_item(&item).map(|item| item.kind);
    if kind == Some(ItemKind::Task) {
        let message = format!("{item} is a task: only epics and features are planned");
        let refusal = Rejection::field(ErrorCode::Validation, "/item", message);
        return Err(ApiError::from(refusal));
    }
    write.create(Command::StartRun { item, new }).await
}

/// Accept a proposal, as it is or changed: it becomes an item
#[utoipa::path(
    tag = "runs",
    params(ProposalPath),
    request_body(content = Option<ProposalPatch>, example = json!({ "title": "Sign in with a passkey" })),
    responses((status = 200, body = Run)),
)]
#[post("/items/{item}/proposals/{n}/accept")]
async fn accept(path: Path<ProposalPath>, write: Write) -> Reply {
    let patch = write.body_or_default()?;
    let ProposalPath { item, n } = path.into_inner();
    write
        .change(Command::AcceptProposal { item, n, patch })
        .await
}

/// Dismiss a proposal
#[utoipa::path(tag = "runs", params(ProposalPath), responses((status = 200, body = Run)))]
#[post("/items/{item}/proposals/{n}/dismiss")]
async fn dismiss(path: Path<ProposalPath>, write: Write) -> Reply {
    write.no_body()?;
    let ProposalPath { item, n } = path.into_inner();
    write.change(Command::DismissProposal { item, n }).await
}
