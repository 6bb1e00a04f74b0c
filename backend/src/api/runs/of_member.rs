use actix_web::{get, web::Path};
use serde::Serialize;
use shared_types::{
    Topic,
    model::{Entity, Run},
    value::{ItemKey, Title},
};
use utoipa::ToSchema;
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

/// A run, and what it was about.
#[derive(Serialize, ToSchema)]
struct RunOfMember {
    #[serde(flatten)]
    run: Run,
    /// The key of its item; null where the item is out of sight.
    key: Option<ItemKey>,
    /// The title of its item; null where the item is out of sight.
    title: Option<Title>,
}

/// The runs of a member, newest first
///
/// Of each item the last fifty: those before are found in the item's events, and read by their ids.
#[utoipa::path(tag = "runs", params(MemberPath, Paging), responses((status = 200, body = Page<RunOfMember>)))]
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
    read.list_newest_first(Topic::All, &paging, seen, |run| {
        let item = model.item(run.item).filter(|item| sight.has_item(item));
        RunOfMember {
            run: run.clone(),
            key: item.map(|item| item.key.clone()),
            title: item.map(|item| item.title.clone()),
        }
    })
}
