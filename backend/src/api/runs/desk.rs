//! What an agent of a worker elsewhere is told, and its tools: those of the server's own.

use actix_web::{post, web::Path};
use serde::Deserialize;
use shared_types::{ErrorCode, Rejection, value::RunId};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::fence::check_claim;
use crate::{
    agents::{
        Call,
        desk::{Brief, Broken, Desk, Here, Used},
    },
    api::{
        ApiError,
        path::RunPath,
        write::{Reply, Write},
    },
};

/// Bytes of a call.
const MOST_BYTES: usize = 256 * 1024;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(brief).service(use_tool);
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Begin {
    /// The `fence` of the claim.
    fence: u64,
}

/// What to tell a model that works the run
///
/// The prompt, the tools and the limits that the server's own worker would work it with. Of what belongs to the work, only what
/// your token sees is told. A tool that a person has said yes to is used by this.
#[utoipa::path(
    tag = "workers",
    params(RunPath),
    request_body(content = Begin, example = json!({ "fence": 118 })),
    responses((status = 200, body = Brief)),
)]
#[post("/runs/{run}/brief")]
async fn brief(path: Path<RunPath>, write: Write) -> Reply {
    let Begin { fence } = write.body()?;
    let desk = desk(&write, path.into_inner().run, fence).await?;
    let brief = desk.begin().await.map_err(broken)?;
    Ok(write.plain(brief))
}

/// A tool that a model wants to use.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Use {
    /// The `fence` of the claim.
    fence: u64,
    /// As the model's answer has it; it is in the log.
    id: String,
    /// One of the tools in the brief.
    name: String,
    /// JSON, as the model wrote it.
    #[schema(example = r#"{"body": "I am on it."}"#)]
    arguments: String,
    /// How often the model has said the very same since the claim, from 1. What makes something is made once for each.
    #[serde(default = "once")]
    nth: u32,
}

fn once() -> u32 {
    1
}

/// Use a tool of an AI member, in its name
///
/// Under the rules of the server's own worker: what the member may not use is refused, what a person has to be asked about ends
/// your work until there is an answer. The call and its result are written to the log.
#[utoipa::path(
    tag = "workers",
    params(RunPath),
    request_body(
        content = Use,
        example = json!({ "fence": 118, "id": "call-1", "name": "post_comment", "arguments": "{\"body\": \"I am on it.\"}" }),
    ),
    responses((status = 200, body = Used)),
)]
#[post("/runs/{run}/tools")]
async fn use_tool(path: Path<RunPath>, write: Write) -> Reply {
    let Use {
        fence,
        id,
        name,
        arguments,
        nth,
    } = write.body()?;
    if id.len() + name.len() + arguments.len() > MOST_BYTES {
        let message = "must be at most 256 KiB, with `id` and `name`";
        return Err(Rejection::field(ErrorCode::Validation, "/arguments", message).into());
    }
    let desk = desk(&write, path.into_inner().run, fence).await?;
    let call = Call {
        id,
        name,
        arguments,
    };
    let used: Used = desk.use_tool(&call, nth).await.map_err(broken)?;
    Ok(write.plain(used))
}

async fn desk(write: &Write, run: RunId, fence: u64) -> Result<Here, ApiError> {
    check_claim(write, run, fence).await?;
    let state = write.shared_state();
    state.office.leases.renew(run, fence).await;
    let model = state.engine.model();
    let run = model.aggregate.run(run);
    let run = run.ok_or_else(|| broken(Broken::Lost))?;
    let principal = write.principal();
    let seen = (principal.sight, principal.from);
    Ok(Here::seen_by(state, run, fence, seen))
}

fn broken(broken: Broken) -> ApiError {
    match broken {
        Broken::Lost => ApiError::new(
            ErrorCode::StaleClaim,
            "The run is not yours any more: stop working it.",
        ),
        Broken::Failed(_, why) => ApiError::new(ErrorCode::Unavailable, why),
    }
}
