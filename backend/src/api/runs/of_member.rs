use actix_web::{get, web::Path};
use shared_types::{
    Topic,
    model::{Entity, Run},
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api::{
    page::{Page, Paging},
    path::MemberPath,
    read::Read,
    write::Reply,
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(list);
}

/// The runs of a member, newest first
///
/// Of each item the last fifty: those before are in the item's events.
#[utoipa::path(tag = "runs", params(MemberPath, Paging), responses((status = 200, body = Page<Run>)))]
#[get("/members/{member}/runs")]
async fn list(path: Path<MemberPath>, read: Read) -> Reply {
    let paging: Paging = read.query()?;
    let model = read.organization();
    let sight = read.principal.sight;
    let member = read.find(&*path)?.id();
    let seen = model
        .runs_of_member(member)
        .filter(|run| model.sees_run(sight, run));
    // What one sees of them changes with their items too.
    read.list_newest_first(Topic::All, &paging, seen, Run::clone)
}
