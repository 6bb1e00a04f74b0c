//! `/account/sessions`

use actix_web::{HttpResponse, delete, get, web::Path};
use serde::Deserialize;
use shared_types::{
    directory::{DirectoryCommand, Holder, input::ListedSession},
    value::SessionId,
};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    account::own,
    call::{Call, answer, done},
};
use crate::{
    api::{page::Page, write::Reply},
    auth::now,
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(list).service(end_others).service(end);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct SessionPath {
    /// A session of yours.
    session: SessionId,
}

/// Where you are signed in, latest first
#[utoipa::path(tag = "account", responses((status = 200, body = Page<ListedSession>)))]
#[get("/account/sessions")]
async fn list(call: Call) -> Reply {
    let principal = call.principal()?;
    let (model, now) = (call.directory(), now());
    let own = principal.account();
    let sessions = own
        .into_iter()
        .flat_map(|account| model.aggregate.sessions_of(account));
    let mut items: Vec<ListedSession> = sessions
        .filter(|session| session.expires_at > now)
        .map(|session| {
            let (last_used_at, last_used_from) = call.last_use(Holder::Session(session.id));
            ListedSession {
                session: (**session).clone(),
                current: principal.session() == Some(session.id),
                last_used_at,
                last_used_from,
            }
        })
        .collect();
    items.sort_by_key(|listed| std::cmp::Reverse((listed.session.created_at, listed.session.id)));
    answer(HttpResponse::Ok(), Page { items, next: None })
}

/// Sign out everywhere else
#[utoipa::path(tag = "account", responses((status = 204)))]
#[delete("/account/sessions")]
async fn end_others(call: Call) -> Reply {
    call.no_body()?;
    let principal = call.principal()?;
    call.execute(DirectoryCommand::EndSessions {
        account: own(principal)?,
        keep: principal.session(),
    })
    .await?;
    done()
}

/// Sign out in one browser
#[utoipa::path(tag = "account", params(SessionPath), responses((status = 204)))]
#[delete("/account/sessions/{session}")]
async fn end(path: Path<SessionPath>, call: Call) -> Reply {
    call.no_body()?;
    call.execute(DirectoryCommand::EndSession {
        account: own(call.principal()?)?,
        session: path.session,
    })
    .await?;
    done()
}
