//! `/invitations`

use actix_web::{HttpResponse, delete, get, post, web::Path};
use serde::Deserialize;
use shared_types::{
    ErrorCode, Rejection,
    directory::{
        DirectoryCommand, DirectorySubject, Invitation,
        input::{Accept, InvitationMade, Invited, Link, NewInvitation, SignedIn},
    },
    value::{InvitationId, Timestamp},
};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    call::{Call, answer, done},
    session::start,
    tokens::check_future,
};
use crate::{
    api::{ApiError, page::Page, write::Reply},
    auth::{Secret, no_randomness, now},
};

/// How long one may think about it.
const OPEN_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(list)
        .service(create)
        .service(look)
        .service(accept)
        .service(revoke);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct InvitationPath {
    /// An invitation.
    invitation: InvitationId,
}

/// The open invitations, latest first
#[utoipa::path(tag = "access", responses((status = 200, body = Page<Invitation>)))]
#[get("/invitations")]
async fn list(call: Call) -> Reply {
    let organization = call.principal()?.state.organization();
    let (model, now) = (call.directory(), now());
    let open = model.aggregate.invitations_to(organization);
    let mut items: Vec<Invitation> = open
        .filter(|invitation| invitation.expires_at > now)
        .map(|invitation| (**invitation).clone())
        .collect();
    items.sort_by_key(|invitation| std::cmp::Reverse((invitation.created_at, invitation.id)));
    answer(HttpResponse::Ok(), Page { items, next: None })
}

/// Invite somebody
///
/// The link in this answer is shown once, and can be used once. Whether the address has an account is not told.
#[utoipa::path(
    tag = "access",
    request_body(content = NewInvitation, example = json!({ "email": "grace@example.org", "role": "member" })),
    responses((status = 201, body = InvitationMade)),
)]
#[post("/invitations")]
async fn create(call: Call) -> Reply {
    let NewInvitation {
        email,
        role,
        member,
        expires_at,
    } = call.body()?;
    let principal = call.principal()?;
    check_future(expires_at)?;
    if member.is_some_and(|member| !principal.state.has_member(member)) {
        return Err(ApiError::parameter("/member", "must be a member, by id"));
    }
    let secret = Secret::draw("devteam_i").map_err(no_randomness)?;
    let command = DirectoryCommand::Invite {
        by: principal.by(),
        email,
        role,
        member,
        expires_at: expires_at
            .unwrap_or_else(|| Timestamp::from_millis(now().as_millis() + OPEN_MILLIS)),
        proof: secret.proof(),
    };
    let DirectorySubject::Invitation(id) = call.execute(command).await?.subject else {
        return Err(ApiError::new(
            ErrorCode::Internal,
            "No invitation was made.",
        ));
    };
    let invitation = call.directory().aggregate.invitation(id).cloned();
    let invitation = invitation.ok_or_else(|| Rejection::not_found("invitation", id))?;
    let made = InvitationMade {
        invitation: (*invitation).clone(),
        path: format!("/join#{}", secret.reveal()),
    };
    answer(HttpResponse::Created(), made)
}

/// What an invitation is to, before it is used
#[utoipa::path(
    tag = "account",
    request_body(content = Link, example = json!({ "secret": "devteam_i_…" })),
    responses((status = 200, body = Invited)),
)]
#[post("/invitations/look")]
async fn look(call: Call) -> Reply {
    let Link { secret } = call.body()?;
    let invitation = call.auth.invitation(&secret)?;
    let state = call.auth.open(invitation.organization).await?;
    let invited = Invited {
        organization: state.engine.model().aggregate.profile.name.clone(),
        email: invitation.email.clone(),
        role: invitation.role,
        expires_at: invitation.expires_at,
    };
    answer(HttpResponse::Ok(), invited)
}

/// Use an invitation: makes an account and signs in
#[utoipa::path(
    tag = "account",
    request_body(content = Accept, example = json!({
        "secret": "devteam_i_…", "password": "correct horse battery", "name": "Grace Hopper",
    })),
    responses((status = 201, body = SignedIn)),
)]
#[post("/invitations/accept")]
async fn accept(call: Call) -> Reply {
    let Accept {
        secret,
        password,
        name,
    } = call.body()?;
    let account = call
        .auth
        .accept(&secret, password, name, call.asking())
        .await?;
    start(&call, account).await
}

/// Take an invitation back
#[utoipa::path(tag = "access", params(InvitationPath), responses((status = 204)))]
#[delete("/invitations/{invitation}")]
async fn revoke(path: Path<InvitationPath>, call: Call) -> Reply {
    call.no_body()?;
    call.execute(DirectoryCommand::RevokeInvitation {
        by: call.principal()?.by(),
        invitation: path.invitation,
    })
    .await?;
    done()
}
