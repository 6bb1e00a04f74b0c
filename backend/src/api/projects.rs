//! `/projects`

use actix_web::{delete, get, patch, post, web::Path};
use shared_types::{
    Topic,
    command::{Command, NewProject, ProjectPatch, RestoreAs},
    decide::Subject,
    model::Entity,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    entity::ProjectEntity,
    page::{Page, Paging},
    path::ProjectPath,
    read::Read,
    write::{Reply, Write},
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(list)
        .service(create)
        .service(show)
        .service(update)
        .service(remove)
        .service(restore);
}

/// The projects, oldest first
#[utoipa::path(tag = "projects", params(Paging), responses((status = 200, body = Page<ProjectEntity>)))]
#[get("/projects")]
async fn list(read: Read) -> Reply {
    let paging: Paging = read.query()?;
    let model = read.organization();
    // Their roll-ups move with every task anywhere.
    let sight = read.principal.sight;
    let seen = model
        .projects()
        .filter(move |project| sight.has_project(project.id()));
    read.list_by_id(Topic::All, &paging, seen, |project| {
        ProjectEntity::of(model, project)
    })
}

/// Create a project
#[utoipa::path(
    tag = "projects",
    request_body(content = NewProject, example = json!({ "name": "Website", "key": "WEB", "description": "The *new* site." })),
    responses((status = 201, body = ProjectEntity)),
)]
#[post("/projects")]
async fn create(write: Write) -> Reply {
    let new = write.body()?;
    write.create(Command::CreateProject { new }).await
}

/// One project
#[utoipa::path(tag = "projects", params(ProjectPath), responses((status = 200, body = ProjectEntity)))]
#[get("/projects/{project}")]
async fn show(path: Path<ProjectPath>, read: Read) -> Reply {
    let project = read.find(&*path)?;
    read.entity(Subject::Project(project.id()), project.version())
}

/// Change a project
#[utoipa::path(
    tag = "projects",
    params(ProjectPath),
    request_body(content = ProjectPatch, example = json!({ "name": "Web shop", "slug": "web-shop" })),
    responses((status = 200, body = ProjectEntity)),
)]
#[patch("/projects/{project}")]
async fn update(path: Path<ProjectPath>, write: Write) -> Reply {
    let patch = write.body()?;
    write
        .change(Command::UpdateProject {
            project: path.into_inner().project,
            patch,
            expected: None,
        })
        .await
}

/// Delete a project, its teams and items
///
/// They can be restored for 30 days.
#[utoipa::path(tag = "projects", params(ProjectPath), responses((status = 204)))]
#[delete("/projects/{project}")]
async fn remove(path: Path<ProjectPath>, write: Write) -> Reply {
    write
        .delete(Command::DeleteProject {
            project: path.into_inner().project,
            expected: None,
        })
        .await
}

/// Restore a deleted project with all that its deletion hid
#[utoipa::path(
    tag = "projects",
    params(ProjectPath),
    request_body(content = Option<RestoreAs>, example = json!({ "slug": "website-2" })),
    responses((status = 200, body = ProjectEntity)),
)]
#[post("/projects/{project}/restore")]
async fn restore(path: Path<ProjectPath>, write: Write) -> Reply {
    let restore = write.body_or_default()?;
    write
        .change(Command::RestoreProject {
            project: path.into_inner().project,
            restore,
        })
        .await
}
