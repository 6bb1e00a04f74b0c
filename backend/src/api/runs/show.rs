use actix_web::{get, web::Path};
use shared_types::{
    Topic,
    decide::Subject,
    model::{Entity, Run},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::past;
use crate::api::{
    page::{Page, Paging},
    path::RunPath,
    read::{NoQuery, Read},
    write::Reply,
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(list).service(show);
}

/// The runs that something may still come of, oldest first
///
/// Those that wait for an answer or a review among them.
#[utoipa::path(tag = "runs", params(Paging), responses((status = 200, body = Page<Run>)))]
#[get("/runs")]
async fn list(read: Read) -> Reply {
    let paging: Paging = read.query()?;
    let model = read.organization();
    let sight = read.principal.sight;
    let seen = model.live_runs().filter(|run| model.sees_run(sight, run));
    read.list_by_id(Topic::All, &paging, seen, Run::clone)
}

/// One run
///
/// Of an item with more than fifty, those before are read as they ended, as long as the journal has them.
#[utoipa::path(tag = "runs", params(RunPath), responses((status = 200, body = Run)))]
#[get("/runs/{run}")]
async fn show(path: Path<RunPath>, read: Read) -> Reply {
    match read.find(&*path) {
        Ok(run) => read.entity(Subject::Run(run.id()), run.version()),
        Err(_) => {
            let NoQuery {} = read.query()?;
            read.plain(&*past::find(&read, &path).await?)
        }
    }
}
