//! `/account/tokens` and `/tokens`

use actix_web::{HttpResponse, delete, get, post, web::Path};
use serde::Deserialize;
use shared_types::{
    ErrorCode, Organization, Rejection,
    directory::{
        DirectoryCommand, DirectorySubject, Holder, Token,
        input::{ListedToken, NewToken, TokenMade},
    },
    state::Sight,
    topic::{Topic, TopicRef},
    value::{Timestamp, TokenId},
};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::call::{Call, answer, done};
use crate::{
    api::{ApiError, page::Page, write::Reply},
    auth::{Secret, no_randomness, now},
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(list_own)
        .service(create)
        .service(revoke_own)
        .service(list_all)
        .service(revoke_any);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct TokenPath {
    /// A token.
    token: TokenId,
}

/// Your tokens, latest first
///
/// Without those that workers were lent for a run: they are among all tokens of the organization.
#[utoipa::path(tag = "account", responses((status = 200, body = Page<ListedToken>)))]
#[get("/account/tokens")]
async fn list_own(call: Call) -> Reply {
    let own = call.principal()?.account();
    list(&call, |token| token.account == own && token.lent.is_none())
}

/// Every token of the organization, latest first
#[utoipa::path(tag = "access", responses((status = 200, body = Page<ListedToken>)))]
#[get("/tokens")]
async fn list_all(call: Call) -> Reply {
    list(&call, |_| true)
}

fn list(call: &Call, is_asked_for: impl Fn(&Token) -> bool) -> Reply {
    let organization = call.principal()?.state.organization();
    let model = call.directory();
    let tokens = model.aggregate.tokens_of(organization);
    let mut items: Vec<ListedToken> = tokens
        .filter(|token| is_asked_for(token))
        .map(|token| {
            let (last_used_at, last_used_from) = call.last_use(Holder::Token(token.id));
            ListedToken {
                token: (**token).clone(),
                last_used_at,
                last_used_from,
            }
        })
        .collect();
    items.sort_by_key(|listed| std::cmp::Reverse((listed.token.created_at, listed.token.id)));
    answer(HttpResponse::Ok(), Page { items, next: None })
}

/// Make a token
///
/// Its secret is in this answer and nowhere else.
#[utoipa::path(
    tag = "account",
    request_body(content = NewToken, example = json!({
        "name": "Dashboard in the hall", "access": "read", "scope": "project:website",
    })),
    responses((status = 201, body = TokenMade)),
)]
#[post("/account/tokens")]
async fn create(call: Call) -> Reply {
    let NewToken {
        name,
        access,
        scope,
        expires_at,
    } = call.body()?;
    let principal = call.principal()?;
    check_future(expires_at)?;
    let scope = resolve(&scope, &principal.state.engine.model().aggregate)?;
    let secret = Secret::draw("devteam_t").map_err(no_randomness)?;
    let command = DirectoryCommand::CreateToken {
        by: principal.by(),
        name,
        access,
        scope,
        expires_at,
        proof: secret.proof(),
    };
    let DirectorySubject::Token(id) = call.execute(command).await?.subject else {
        return Err(ApiError::new(ErrorCode::Internal, "No token was made."));
    };
    let token = call.directory().aggregate.token(id).cloned();
    let token = token.ok_or_else(|| Rejection::not_found("token", id))?;
    let made = TokenMade {
        token: (*token).clone(),
        secret: secret.reveal().to_owned(),
    };
    answer(HttpResponse::Created(), made)
}

/// Refuses a time that is over.
pub(super) fn check_future(expires_at: Option<Timestamp>) -> Result<(), ApiError> {
    if expires_at.is_some_and(|until| until <= now()) {
        return Err(ApiError::parameter("/expires_at", "must be in the future"));
    }
    Ok(())
}

fn resolve(scope: &str, organization: &Organization) -> Result<Sight, ApiError> {
    if scope == "organization" {
        return Ok(Sight::Organization);
    }
    let named: Option<TopicRef> = scope.parse().ok();
    match named.and_then(|named| organization.find_topic(&named)) {
        Some(Topic::Project(id)) => Ok(Sight::Project(id)),
        Some(Topic::Member(id)) => Ok(Sight::Member(id)),
        _ => Err(ApiError::parameter(
            "/scope",
            "must be organization, or project: or member: with the id or slug of one that is there",
        )),
    }
}

/// Revoke a token of yours
#[utoipa::path(tag = "account", params(TokenPath), responses((status = 204)))]
#[delete("/account/tokens/{token}")]
async fn revoke_own(path: Path<TokenPath>, call: Call) -> Reply {
    let own = call.principal()?.account();
    let token = call.directory().aggregate.token(path.token).cloned();
    token
        .filter(|token| token.account == own)
        .ok_or_else(|| Rejection::not_found("token", path.token))?;
    revoke(path.token, &call).await
}

/// Revoke anybody's token
#[utoipa::path(tag = "access", params(TokenPath), responses((status = 204)))]
#[delete("/tokens/{token}")]
async fn revoke_any(path: Path<TokenPath>, call: Call) -> Reply {
    revoke(path.token, &call).await
}

async fn revoke(token: TokenId, call: &Call) -> Reply {
    call.no_body()?;
    let by = call.principal()?.by();
    call.execute(DirectoryCommand::RevokeToken { by, token })
        .await?;
    done()
}
