//! `/organization`

use actix_web::{get, patch};
use shared_types::{
    ErrorCode,
    command::{Command, OrganizationPatch},
    decide::Subject,
    model::Entity,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    ApiError,
    entity::OrganizationEntity,
    read::Read,
    write::{Reply, Write},
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(show).service(update);
}

/// The organization
#[utoipa::path(tag = "organization", responses((status = 200, body = OrganizationEntity)))]
#[get("/organization")]
async fn show(read: Read) -> Reply {
    if !read.principal.sight.is_everything() {
        let detail = "This token is for a part of the organization alone.";
        return Err(ApiError::new(ErrorCode::NotFound, detail));
    }
    read.entity(Subject::Organization, read.organization().profile.version())
}

/// Change the organization
#[utoipa::path(
    tag = "organization",
    request_body(content = OrganizationPatch, example = json!({ "name": "Analytical Engines" })),
    responses((status = 200, body = OrganizationEntity)),
)]
#[patch("/organization")]
async fn update(write: Write) -> Reply {
    let patch = write.body()?;
    write
        .change(Command::UpdateOrganization {
            patch,
            expected: None,
        })
        .await
}
