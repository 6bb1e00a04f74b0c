//! `/account`

use actix_web::get;
use serde::Serialize;
use shared_types::wire;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{entity::MemberEntity, read::Read, write::Reply};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(show);
}

/// Who the server takes you for.
#[derive(Serialize, ToSchema)]
pub struct Account {
    /// As events will name you.
    principal: wire::Principal,
    /// The member you act as; null if you are none.
    member: Option<MemberEntity>,
}

/// Who you are here
#[utoipa::path(tag = "account", responses((status = 200, body = Account)))]
#[get("/account")]
async fn show(read: Read) -> Reply {
    let model = read.organization();
    let member = read.principal.member.and_then(|id| model.member(id));
    let member = member.map(|member| MemberEntity::of(model, member));
    read.plain(Account {
        principal: read.principal.wire.clone(),
        member,
    })
}
