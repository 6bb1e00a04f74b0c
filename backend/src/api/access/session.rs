//! `/set-up` and `/session`: the ways in, and out.

use actix_web::{HttpResponse, delete, http::header::SET_COOKIE, post};
use shared_types::{
    ErrorCode,
    directory::{
        DirectoryCommand,
        input::{SetUp, SignIn, SignedIn},
    },
    value::AccountId,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::call::{Call, answer, done};
use crate::{
    api::{ApiError, write::Reply},
    auth::{clear_cookie, session_cookie},
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(set_up).service(sign_in).service(sign_out);
}

/// Make the first account, with the link that the server has shown at its start
#[utoipa::path(
    tag = "account",
    request_body(content = SetUp, example = json!({
        "secret": "devteam_u_…", "email": "ada@example.org", "password": "correct horse battery", "name": "Ada Lovelace",
    })),
    responses((status = 201, body = SignedIn)),
)]
#[post("/set-up")]
async fn set_up(call: Call) -> Reply {
    let SetUp {
        secret,
        email,
        password,
        name,
    } = call.body()?;
    let made = call
        .auth
        .set_up(&secret, email, password, name, call.asking());
    let account = made.await?;
    start(&call, account).await
}

/// Sign in with a browser
///
/// The answer sets a cookie. Programs use a token instead.
#[utoipa::path(
    tag = "account",
    request_body(content = SignIn, example = json!({ "email": "ada@example.org", "password": "correct horse battery" })),
    responses((status = 201, body = SignedIn)),
)]
#[post("/session")]
async fn sign_in(call: Call) -> Reply {
    let SignIn { email, password } = call.body()?;
    let account = call
        .auth
        .check_password(&email, &password, call.from)
        .await?;
    start(&call, account).await
}

/// Sign out
#[utoipa::path(tag = "account", responses((status = 204)))]
#[delete("/session")]
async fn sign_out(call: Call) -> Reply {
    call.no_body()?;
    if let Some(principal) = call.anybody()
        && let (Some(account), Some(session)) = (principal.account(), principal.session())
    {
        call.execute(DirectoryCommand::EndSession { account, session })
            .await?;
    }
    let mut response = done()?;
    let headers = response.headers_mut();
    if let Ok(cookie) = clear_cookie().parse() {
        headers.insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Gives the browser a session of this account.
pub(super) async fn start(call: &Call, account: AccountId) -> Reply {
    let started = call
        .auth
        .start_session(account, call.user_agent.clone(), call.asking())
        .await?;
    let principal = call.auth.session(started.session, call.from);
    let account = call.directory().aggregate.account(account).cloned();
    let (Some(principal), Some(account)) = (principal, account) else {
        let detail = "The session has ended already: sign in again.";
        return Err(ApiError::new(ErrorCode::NotAuthenticated, detail));
    };
    let cookie = session_cookie(&started.secret, started.seconds, call.is_https);
    let mut response = HttpResponse::Created();
    response.insert_header((SET_COOKIE, cookie));
    answer(
        response,
        SignedIn {
            principal: principal.wire,
            account: (*account).clone(),
        },
    )
}
