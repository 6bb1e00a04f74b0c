//! `/model`: everything at once, for those who keep a copy of it.

use actix_web::{
    HttpResponse, get,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web,
};
use serde::Serialize;
use shared_types::{ErrorCode, state::SavedOrganization, wire::Cursor};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    ApiError,
    boundary::DEVTEAM_CURSOR,
    read::{NoQuery, Read},
    write::Reply,
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(show);
}

/// The whole model at a position.
#[derive(Serialize, ToSchema)]
struct WholeModel {
    cursor: Cursor,
    /// As the server keeps it, with what is deleted marked. Programs of this version read it.
    #[schema(value_type = Object)]
    model: SavedOrganization,
}

/// Everything at once, deleted things too
///
/// For copies: follow `all` after its `cursor` and nothing is missed.
#[utoipa::path(tag = "live", responses((status = 200, body = WholeModel)))]
#[get("/model")]
async fn show(read: Read) -> Reply {
    let NoQuery {} = read.query()?;
    if !read.principal.sight.is_everything() {
        let detail = "This token is for a part of the organization alone.";
        return Err(ApiError::new(ErrorCode::NotFound, detail));
    }
    let cursor = read.model.cursor.clone();
    let model = read.model.clone();
    // A large one takes a second or more.
    let encode = move || {
        serde_json::to_vec(&WholeModel {
            cursor: model.cursor.clone(),
            model: model.aggregate.save(),
        })
    };
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "the model can't be encoded");
        ApiError::new(
            ErrorCode::Internal,
            "Something went wrong; it is in the server's log.",
        )
    };
    let encoded = web::block(encode).await.map_err(|error| failed(&error))?;
    let body = encoded.map_err(|error| failed(&error))?;
    Ok(HttpResponse::Ok()
        .insert_header((DEVTEAM_CURSOR, cursor.to_string()))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((CONTENT_TYPE, "application/json"))
        .body(body))
}
