//! `/account`

use actix_web::{HttpResponse, get, patch};
use serde::Serialize;
use shared_types::{
    ErrorCode,
    directory::{
        self, DirectoryCommand,
        input::{AccountPatch, PasswordChange},
    },
    wire,
};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::call::{Call, answer};
use crate::{
    api::{ApiError, entity::MemberEntity, read::Read, write::Reply},
    auth::{Credential, Principal},
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(show).service(update);
}

/// Who the server takes you for.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnAccount)]
pub struct Account {
    /// As events will name you.
    principal: wire::Principal,
    /// The member you act as; null if you are none.
    member: Option<MemberEntity>,
    /// How you have shown who you are.
    signed_in_by: SignedInBy,
    /// The account you have signed in with; null for a token and without signing in.
    account: Option<directory::Account>,
    /// The token you have shown.
    token: Option<directory::Token>,
}

/// How somebody has shown who they are.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SignedInBy {
    /// By sitting at the machine on which the demo runs.
    Local,
    /// With a browser.
    Session,
    Token,
}

/// Who you are here
#[utoipa::path(tag = "account", responses((status = 200, body = Account)))]
#[get("/account")]
async fn show(read: Read, call: Call) -> Reply {
    let model = read.organization();
    let principal = &read.principal;
    let member = principal.member.and_then(|id| model.member(id));
    let directory = call.directory();
    let (signed_in_by, account, token) = match &principal.credential {
        Credential::Local => (SignedInBy::Local, None, None),
        Credential::Session(session) => {
            let account = directory.aggregate.account(session.account);
            (SignedInBy::Session, account.map(|a| (**a).clone()), None)
        }
        Credential::Token(token) => (SignedInBy::Token, None, Some((**token).clone())),
    };
    read.plain(Account {
        principal: principal.wire.clone(),
        member: member.map(|member| MemberEntity::of(model, member)),
        signed_in_by,
        account,
        token,
    })
}

/// Change your password
///
/// All your other sessions end.
#[utoipa::path(
    tag = "account",
    request_body(content = AccountPatch, example = json!({
        "password": { "current": "correct horse battery", "new": "staple of a new kind" },
    })),
    responses((status = 200, body = directory::Account)),
)]
#[patch("/account")]
async fn update(call: Call) -> Reply {
    let AccountPatch {
        password: PasswordChange { current, new },
    } = call.body()?;
    let principal = call.principal()?;
    let id = own(principal)?;
    let account = call.directory().aggregate.account(id).cloned();
    let account = account.ok_or_else(no_account)?;
    call.auth
        .check_password(&account.email, &current, call.from)
        .await
        .map_err(|error| match error.code() {
            // One who is signed in is not nobody for mistyping.
            ErrorCode::NotAuthenticated => {
                ApiError::parameter("/password/current", "is not your password")
            }
            _ => error,
        })?;
    let password = call.auth.passwords.hash(new).await?;
    call.execute(DirectoryCommand::ChangePassword {
        account: id,
        password,
        keep: principal.session(),
    })
    .await?;
    let account = call.directory().aggregate.account(id).cloned();
    answer(HttpResponse::Ok(), account.as_deref())
}

/// The account that a principal has signed in with.
pub(super) fn own(principal: &Principal) -> Result<shared_types::value::AccountId, ApiError> {
    principal.account().ok_or_else(no_account)
}

fn no_account() -> ApiError {
    let detail = "You have not signed in with an account, so there is none to change: on this machine the demo needs \
                  none.";
    ApiError::new(ErrorCode::Forbidden, detail)
}
