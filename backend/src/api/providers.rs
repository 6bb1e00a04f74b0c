//! `/providers`: whose models the organization's AI members work with. No key comes out here.

use actix_web::{HttpResponse, delete, get, http::StatusCode, post, put, web::Path};
use serde::{Deserialize, Serialize};
use shared_types::{
    Rejection,
    directory::{DirectoryCommand, ProviderNote},
    value::Name,
};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    ApiError,
    access::{Call, answer, done},
    write::Reply,
};
use crate::agents::{
    BaseUrl, KeyState, Owner, Prices, Provider, ProviderChange, ProviderKind, Providers, Trial,
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(list)
        .service(show)
        .service(set)
        .service(remove)
        .service(try_out);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct ProviderPath {
    /// A provider by name.
    #[param(value_type = String, example = "openai")]
    provider: Name,
}

/// A provider, as its admins see it.
#[derive(Debug, Serialize, ToSchema)]
struct ProviderEntity {
    #[schema(value_type = String)]
    name: Name,
    /// Who has set it.
    owner: Owner,
    /// Whose protocol it speaks; null: it is no model.
    kind: Option<ProviderKind>,
    /// Where it is; null: at its usual address, or where the operator says.
    #[schema(value_type = Option<String>)]
    base_url: Option<BaseUrl>,
    key: KeyState,
    /// The model of members who name none.
    #[schema(value_type = Option<String>)]
    model: Option<Name>,
    prices: Prices,
    /// Whether members who name no provider work with this one.
    usual: bool,
}

impl ProviderEntity {
    fn of(provider: &Provider, all: &Providers) -> Self {
        let about = provider.about.clone();
        // What the operator's own network looks like is nothing for the organizations on the server.
        let base_url = about
            .base_url
            .filter(|_| about.owner == Owner::Organization);
        Self {
            name: provider.name.clone(),
            owner: about.owner,
            kind: about.kind,
            base_url,
            key: about.key,
            model: provider.model.clone(),
            prices: provider.prices.clone(),
            usual: all.usual() == Some(&provider.name),
        }
    }
}

/// All providers.
#[derive(Debug, Serialize, ToSchema)]
struct ProviderList {
    providers: Vec<ProviderEntity>,
}

/// The providers that AI members can work with, by name
#[utoipa::path(tag = "providers", responses((status = 200, body = ProviderList)))]
#[get("/providers")]
async fn list(call: Call) -> Reply {
    let all = &call.principal()?.state.office.providers;
    let entity = |provider: &_| ProviderEntity::of(provider, all);
    let providers = all
        .list()
        .iter()
        .map(|provider| entity(&**provider))
        .collect();
    answer(HttpResponse::Ok(), ProviderList { providers })
}

/// One provider
#[utoipa::path(tag = "providers", params(ProviderPath), responses((status = 200, body = ProviderEntity)))]
#[get("/providers/{provider}")]
async fn show(path: Path<ProviderPath>, call: Call) -> Reply {
    let all = &call.principal()?.state.office.providers;
    let found = all.find(&path.provider);
    let provider = found.ok_or_else(|| Rejection::not_found("provider", &path.provider))?;
    answer(HttpResponse::Ok(), ProviderEntity::of(&provider, all))
}

/// Set a provider
///
/// All of it is replaced, save a key that is not named. The key is never shown again; it is kept encrypted, and is in no
/// event, log or export.
#[utoipa::path(
    tag = "providers",
    params(ProviderPath),
    request_body(content = ProviderChange, example = json!({
        "kind": "openai", "base_url": "https://api.example.com/v1", "key": "sk-…", "model": "large-2",
        "prices": { "models": { "large-2": { "input": 2_500_000, "cached": 250_000, "output": 10_000_000 } } },
    })),
    responses((status = 200, body = ProviderEntity), (status = 201, body = ProviderEntity)),
)]
#[put("/providers/{provider}")]
async fn set(path: Path<ProviderPath>, call: Call) -> Reply {
    let change: ProviderChange = call.body()?;
    let note = ProviderNote::Set {
        key: !change.key.is_keep(),
    };
    let all = &call.principal()?.state.office.providers;
    let (provider, is_new) = all.put(&path.provider, change).await?;
    // Where it can't be noted the answer says so, and the same may be sent again.
    record(&call, &path.provider, note).await?;
    let status = if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    answer(
        HttpResponse::build(status),
        ProviderEntity::of(&provider, all),
    )
}

/// Remove a provider and its key
///
/// Runs of members who work with it wait from then on.
#[utoipa::path(tag = "providers", params(ProviderPath), responses((status = 204)))]
#[delete("/providers/{provider}")]
async fn remove(path: Path<ProviderPath>, call: Call) -> Reply {
    call.no_body()?;
    let all = &call.principal()?.state.office.providers;
    all.remove(&path.provider).await?;
    record(&call, &path.provider, ProviderNote::Removed).await?;
    done()
}

/// Puts down for the audit who has done that.
async fn record(call: &Call, provider: &Name, change: ProviderNote) -> Result<(), ApiError> {
    let note = DirectoryCommand::NoteProvider {
        by: call.principal()?.by(),
        provider: provider.clone(),
        change,
    };
    call.execute(note).await.map(drop)
}

/// What to try out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TryOut {
    /// Which model; the provider's own when not given.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    model: Option<Name>,
}

/// Try a provider out
///
/// One small call, which may cost a little: what came of it, or what is wrong.
#[utoipa::path(
    tag = "providers",
    params(ProviderPath),
    request_body(content = TryOut, example = json!({ "model": "large-2" })),
    responses((status = 200, body = Trial)),
)]
#[post("/providers/{provider}/test")]
async fn try_out(path: Path<ProviderPath>, call: Call) -> Reply {
    let TryOut { model } = call.body()?;
    let found = call
        .principal()?
        .state
        .office
        .providers
        .find(&path.provider);
    let provider = found.ok_or_else(|| Rejection::not_found("provider", &path.provider))?;
    answer(HttpResponse::Ok(), provider.try_out(model).await)
}
