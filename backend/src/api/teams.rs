//! `/projects/{project}/teams`

use actix_web::{delete, get, patch, post, put, web::Path};
use shared_types::{
    Topic,
    command::{Command, NewTeam, RestoreAs, TeamPatch},
    decide::Subject,
    model::Entity,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    entity::TeamEntity,
    page::{Page, Paging},
    path::{ProjectPath, TeamMemberPath, TeamPath},
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
    config.service(join).service(leave);
}

/// The teams of a project, oldest first
#[utoipa::path(tag = "teams", params(ProjectPath, Paging), responses((status = 200, body = Page<TeamEntity>)))]
#[get("/projects/{project}/teams")]
async fn list(path: Path<ProjectPath>, read: Read) -> Reply {
    let paging: Paging = read.query()?;
    let model = read.organization();
    let project = read.find(&*path)?.id();
    read.list_by_id(
        Topic::Project(project),
        &paging,
        model.teams_of(project),
        |team| TeamEntity::of(model, team),
    )
}

/// Create a team
#[utoipa::path(
    tag = "teams",
    params(ProjectPath),
    request_body(content = NewTeam, example = json!({ "name": "Frontend", "mission": "What people see." })),
    responses((status = 201, body = TeamEntity)),
)]
#[post("/projects/{project}/teams")]
async fn create(path: Path<ProjectPath>, write: Write) -> Reply {
    let new = write.body()?;
    write
        .create(Command::CreateTeam {
            project: path.into_inner().project,
            new,
        })
        .await
}

/// One team
#[utoipa::path(tag = "teams", params(TeamPath), responses((status = 200, body = TeamEntity)))]
#[get("/projects/{project}/teams/{team}")]
async fn show(path: Path<TeamPath>, read: Read) -> Reply {
    let team = read.find(&*path)?;
    read.entity(Subject::Team(team.id()), team.version())
}

/// Change a team
#[utoipa::path(
    tag = "teams",
    params(TeamPath),
    request_body(content = TeamPatch, example = json!({ "mission": "What people see and touch." })),
    responses((status = 200, body = TeamEntity)),
)]
#[patch("/projects/{project}/teams/{team}")]
async fn update(path: Path<TeamPath>, write: Write) -> Reply {
    let patch = write.body()?;
    let TeamPath { project, team } = path.into_inner();
    write
        .change(Command::UpdateTeam {
            project,
            team,
            patch,
            expected: None,
        })
        .await
}

/// Delete a team
///
/// Its items go back to the project. It can be restored for 30 days.
#[utoipa::path(tag = "teams", params(TeamPath), responses((status = 204)))]
#[delete("/projects/{project}/teams/{team}")]
async fn remove(path: Path<TeamPath>, write: Write) -> Reply {
    let TeamPath { project, team } = path.into_inner();
    write
        .delete(Command::DeleteTeam {
            project,
            team,
            expected: None,
        })
        .await
}

/// Restore a deleted team
#[utoipa::path(
    tag = "teams",
    params(TeamPath),
    request_body(content = Option<RestoreAs>, example = json!({ "slug": "frontend-2" })),
    responses((status = 200, body = TeamEntity)),
)]
#[post("/projects/{project}/teams/{team}/restore")]
async fn restore(path: Path<TeamPath>, write: Write) -> Reply {
    let restore = write.body_or_default()?;
    let TeamPath { project, team } = path.into_inner();
    write
        .change(Command::RestoreTeam {
            project,
            team,
            restore,
        })
        .await
}

/// Put a member into a team
#[utoipa::path(tag = "teams", params(TeamMemberPath), responses((status = 200, body = TeamEntity)))]
#[put("/projects/{project}/teams/{team}/members/{member}")]
async fn join(path: Path<TeamMemberPath>, write: Write) -> Reply {
    let TeamMemberPath {
        project,
        team,
        member,
    } = path.into_inner();
    write
        .change(Command::JoinTeam {
            project,
            team,
            member,
            expected: None,
        })
        .await
}

/// Take a member out of a team
///
/// It is also unassigned from the items in the team's backlog.
#[utoipa::path(tag = "teams", params(TeamMemberPath), responses((status = 204)))]
#[delete("/projects/{project}/teams/{team}/members/{member}")]
async fn leave(path: Path<TeamMemberPath>, write: Write) -> Reply {
    let TeamMemberPath {
        project,
        team,
        member,
    } = path.into_inner();
    write
        .delete(Command::LeaveTeam {
            project,
            team,
            member,
            expected: None,
        })
        .await
}
