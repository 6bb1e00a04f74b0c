//! Claiming what is queued.

use std::time::{Duration, Instant};

use actix_web::{HttpResponse, post, web::Data};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared_types::{
    ErrorCode, Rejection,
    command::{Command, Engaged, WorkStep},
    decide::Subject,
    directory::{DirectoryCommand, Lent},
    model::{AgentProfile, Entity, Item, Run, RunState},
    topic::MemberRef,
    value::{Name, RunId, Timestamp},
};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    agents::{desk::sight_of, lease::LEASE},
    api::{
        ApiError, entity,
        write::{Reply, Write},
    },
    auth::{Auth, Secret, no_randomness, now},
    engine::Answer,
};

/// Seconds that a claim waits for something to claim, at most.
const MOST_WAIT: u64 = 30;
/// The part of a request that is done once, where it has a key.
const CLAIM: &str = "claim";
/// How long a token for a run is good, if the run is not over before.
const LENT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Before the routes with a run in their path: `claim` is none.
pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(claim);
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
    /// Whose model will work; `external` when not given. With `providers`: for members who name none, whose runs are
    /// otherwise left to others.
    provider: Option<Name>,
    /// Which model, for members who name none.
    model: Option<Name>,
    /// Whether to make a token that is good for working this run and for nothing else, for 24 hours at most.
    token: bool,
    /// Only runs of members who name one of these.
    #[schema(max_items = 100)]
    providers: Option<Vec<Offered>>,
}

/// A provider that the worker has.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Offered {
    name: Name,
    /// The model of members who name none.
    #[serde(default)]
    model: Option<Name>,
}

impl Offer {
    /// With what a member's run would be worked; none: not by this worker.
    fn engaged(&self, profile: &AgentProfile) -> Option<Engaged> {
        let (provider, model) = match (&self.providers, &profile.provider) {
            (None, _) => (self.provider.clone().or_else(external)?, &self.model),
            (Some(_), None) => (self.provider.clone()?, &self.model),
            (Some(offered), Some(name)) => {
                let one = offered.iter().find(|one| one.name == *name)?;
                (one.name.clone(), &one.model)
            }
        };
        let model = match &self.providers {
            // Whoever says nothing about providers has looked at the member, or needs not.
            None => model.clone(),
            Some(_) => profile.model.clone().or_else(|| model.clone()),
        };
        Some(Engaged { provider, model })
    }
}

fn external() -> Option<Name> {
    "external".parse().ok()
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
    /// The secret of the token that was asked for. It is shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
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
    if let Some(claimed) = claimed_before(&write).await? {
        return given(&write, &auth, &offer, claimed).await;
    }
    let until = Instant::now() + Duration::from_secs(offer.wait);
    let mut moved = write.state().engine.moved();
    loop {
        for (run, engaged) in claimable(&write, &offer)? {
            if let Some(claimed) = try_claim(&write, run, engaged).await? {
                return given(&write, &auth, &offer, claimed).await;
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

/// The runs that could be claimed now, oldest first, and with what.
fn claimable(write: &Write, offer: &Offer) -> Result<Vec<(RunId, Engaged)>, ApiError> {
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
    let engaged = |run: &std::sync::Arc<Run>| {
        let profile = model.member(run.member)?.agent.as_ref()?;
        Some((run.id(), offer.engaged(profile)?))
    };
    Ok(model
        .live_runs()
        .filter(is_ready)
        .filter_map(engaged)
        .collect())
}

async fn try_claim(
    write: &Write,
    run: RunId,
    engaged: Engaged,
) -> Result<Option<Claimed>, ApiError> {
    let command = Command::ClaimRun { run, engaged };
    let answer = match write.ask_once(command, CLAIM).await {
        Ok(answer) => answer,
        // Somebody else was quicker, or its member is busy.
        Err(refused) if refused.code().status() == 409 => return Ok(None),
        Err(error) => return Err(error),
    };
    claimed(write, answer).await.map(Some)
}

/// What was claimed by an earlier request with the same key, whose answer was not heard.
async fn claimed_before(write: &Write) -> Result<Option<Claimed>, ApiError> {
    if write.key().is_none() {
        return Ok(None);
    }
    // There is no such run: only what is kept of an earlier claim can be answered.
    let command = Command::ClaimRun {
        run: uuid::Uuid::nil().into(),
        engaged: Engaged {
            provider: external().ok_or_else(not_there)?,
            model: None,
        },
    };
    match write.ask_once(command, CLAIM).await {
        Ok(answer) => claimed(write, answer).await.map(Some),
        Err(refused) if refused.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The answer to who has claimed a run.
async fn given(write: &Write, auth: &Auth, offer: &Offer, mut claimed: Claimed) -> Reply {
    if offer.token {
        claimed.token = Some(lend(write, auth, &claimed).await?);
    }
    Ok(write.plain(claimed))
}

async fn claimed(write: &Write, answer: Answer) -> Result<Claimed, ApiError> {
    let run: Run = serde_json::from_value(answer.entity).map_err(|_| not_there())?;
    let fence = run.claim.ok_or_else(not_there)?;
    let model = write.model();
    let item = entity::render(&model.aggregate, Subject::Item(run.item));
    let item = entity::narrow(&model.aggregate, write.principal().sight, item);
    write.state().office.leases.renew(run.id(), fence).await;
    Ok(Claimed {
        fence,
        lease_seconds: LEASE.as_secs(),
        item,
        run,
        token: None,
    })
}

/// Makes the token for a run. Where that can't be done, the run is let go.
async fn lend(write: &Write, auth: &Auth, claimed: &Claimed) -> Result<String, ApiError> {
    let Claimed { run, fence, .. } = claimed;
    let made = make_token(write, auth, run, *fence).await;
    if made.is_err() {
        let command = Command::WorkRun {
            run: run.id(),
            fence: *fence,
            step: WorkStep::Release,
        };
        if let Err(error) = write.ask(command).await {
            tracing::warn!(?error, run = %run.id(), "a run whose token can't be made can't be let go of");
        }
    }
    made
}

async fn make_token(write: &Write, auth: &Auth, run: &Run, fence: u64) -> Result<String, ApiError> {
    let principal = write.principal();
    let model = write.model();
    let key = model
        .aggregate
        .item(run.item)
        .map(|item| item.key.to_string());
    let name = format!("Run of {}", key.unwrap_or_default());
    let secret = Secret::draw("devteam_r").map_err(no_randomness)?;
    let command = DirectoryCommand::LendToken {
        by: principal.by(),
        lent: Lent {
            run: run.id(),
            claim: fence,
            by: principal.token(),
        },
        name: name.parse().map_err(|_| not_there())?,
        scope: sight_of(&model.aggregate, run, principal.sight),
        expires_at: Timestamp::from_millis(now().as_millis() + LENT_FOR.as_millis() as i64),
        proof: secret.proof(),
    };
    auth.execute(command, write.asking()).await?;
    Ok(secret.reveal().to_owned())
}

fn not_there() -> ApiError {
    ApiError::new(ErrorCode::NotFound, "What was claimed is gone already.")
}
