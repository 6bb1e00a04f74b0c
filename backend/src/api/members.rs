//! `/members`

use actix_web::{
    delete, get, patch, post,
    web::{Data, Path},
};
use shared_types::{
    Topic,
    command::{Command, MemberPatch, NewMember, RestoreAs},
    decide::Subject,
    model::Entity,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    entity::MemberEntity,
    page::{Page, Paging},
    path::MemberPath,
    read::Read,
    write::{Reply, Write},
};
use crate::auth::{Auth, Principal};

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(list)
        .service(create)
        .service(show)
        .service(update)
        .service(remove)
        .service(restore);
}

/// The members, oldest first
#[utoipa::path(tag = "members", params(Paging), responses((status = 200, body = Page<MemberEntity>)))]
#[get("/members")]
async fn list(read: Read) -> Reply {
    let paging: Paging = read.query()?;
    let model = read.organization();
    // Their roll-ups move with every task anywhere.
    let sight = read.principal.sight;
    let seen = model
        .members()
        .filter(move |member| sight.has_member(member.id()));
    read.list_by_id(Topic::All, &paging, seen, |member| {
        MemberEntity::of(model, member)
    })
}

/// Create a member, a person or an AI agent
#[utoipa::path(
    tag = "members",
    request_body(
        content = NewMember,
        example = json!({ "name": "Scout", "kind": "agent", "title": "Researcher", "agent": { "instructions": "Cite sources." } }),
    ),
    responses((status = 201, body = MemberEntity)),
)]
#[post("/members")]
async fn create(write: Write) -> Reply {
    let new = write.body()?;
    write.create(Command::CreateMember { new }).await
}

/// One member
#[utoipa::path(tag = "members", params(MemberPath), responses((status = 200, body = MemberEntity)))]
#[get("/members/{member}")]
async fn show(path: Path<MemberPath>, read: Read) -> Reply {
    let member = read.find(&*path)?;
    read.entity(Subject::Member(member.id()), member.version())
}

/// Change a member
#[utoipa::path(
    tag = "members",
    params(MemberPath),
    request_body(content = MemberPatch, example = json!({ "title": "Principal engineer" })),
    responses((status = 200, body = MemberEntity)),
)]
#[patch("/members/{member}")]
async fn update(path: Path<MemberPath>, write: Write) -> Reply {
    let patch = write.body()?;
    write
        .change(Command::UpdateMember {
            member: path.into_inner().member,
            patch,
            expected: None,
        })
        .await
}

/// Delete a member
///
/// It leaves its teams and is unassigned everywhere, and its account lets nobody in. It can be restored for 30 days.
#[utoipa::path(tag = "members", params(MemberPath), responses((status = 204)))]
#[delete("/members/{member}")]
async fn remove(
    path: Path<MemberPath>,
    auth: Data<Auth>,
    principal: Principal,
    write: Write,
) -> Reply {
    let _turn = auth.turn().await;
    if let Some(member) = principal.find_member(&path.member) {
        auth.check_member_goes(&principal, member)?;
    }
    write
        .delete(Command::DeleteMember {
            member: path.into_inner().member,
            expected: None,
        })
        .await
}

/// Restore a deleted member
#[utoipa::path(
    tag = "members",
    params(MemberPath),
    request_body(content = Option<RestoreAs>, example = json!({ "slug": "ada-2" })),
    responses((status = 200, body = MemberEntity)),
)]
#[post("/members/{member}/restore")]
async fn restore(path: Path<MemberPath>, write: Write) -> Reply {
    let restore = write.body_or_default()?;
    write
        .change(Command::RestoreMember {
            member: path.into_inner().member,
            restore,
        })
        .await
}
