//! `/accounts`

use actix_web::{HttpResponse, delete, get, patch, web::Path};
use serde::Deserialize;
use shared_types::{
    Rejection,
    directory::{Account, input::RolePatch},
    value::AccountId,
};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::call::{Call, answer, done};
use crate::api::{page::Page, write::Reply};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(list).service(update).service(remove);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct AccountPath {
    /// An account.
    account: AccountId,
}

/// The accounts, oldest first
#[utoipa::path(tag = "access", responses((status = 200, body = Page<Account>)))]
#[get("/accounts")]
async fn list(call: Call) -> Reply {
    let organization = call.principal()?.state.organization();
    let model = call.directory();
    let accounts = model.aggregate.accounts_in(organization);
    let items: Vec<Account> = accounts.map(|account| (**account).clone()).collect();
    answer(HttpResponse::Ok(), Page { items, next: None })
}

/// Give an account another role
#[utoipa::path(
    tag = "access",
    params(AccountPath),
    request_body(content = RolePatch, example = json!({ "role": "viewer" })),
    responses((status = 200, body = Account)),
)]
#[patch("/accounts/{account}")]
async fn update(path: Path<AccountPath>, call: Call) -> Reply {
    let RolePatch { role } = call.body()?;
    let by = call.principal()?.by();
    let account = path.account;
    call.auth
        .change_role(by, account, role, call.asking())
        .await?;
    let changed = call.directory().aggregate.account(account).cloned();
    let changed = changed.ok_or_else(|| Rejection::not_found("account", account))?;
    answer(HttpResponse::Ok(), &*changed)
}

/// Remove an account
///
/// Its sessions end and its tokens are revoked. The member it acted as stays.
#[utoipa::path(tag = "access", params(AccountPath), responses((status = 204)))]
#[delete("/accounts/{account}")]
async fn remove(path: Path<AccountPath>, call: Call) -> Reply {
    call.no_body()?;
    let by = call.principal()?.by();
    call.auth
        .remove_account(by, path.account, call.asking())
        .await?;
    done()
}
