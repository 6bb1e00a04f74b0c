use actix_web::{HttpRequest, HttpResponse, get, http::header};
use serde::Deserialize;
use shared_types::{error::ErrorCode, wire::SnapshotAnswer};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    begin::{find, no_topic},
    reader::NO_TOPIC,
};
use crate::api::{
    ApiError, DEVTEAM_CURSOR, Read,
    encoding::{self, Coding},
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(snapshot);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SnapshotQuery {
    /// The topic, by id, slug or key.
    #[param(example = "project:website")]
    topic: String,
}

/// A topic's view of the model
///
/// Follow the topic after the answer's `cursor` and nothing is missed. That of `all` is everything that is not deleted, items
/// with description and acceptance.
#[utoipa::path(tag = "live", params(SnapshotQuery), responses((status = 200, body = SnapshotAnswer), (status = 304)))]
#[get("/snapshot")]
async fn snapshot(request: HttpRequest, read: Read) -> Result<HttpResponse, ApiError> {
    let SnapshotQuery { topic } = read.query()?;
    let found = find(&topic, read.organization())?;
    let in_sight = read.organization().is_in_sight(read.principal.sight, found);
    let topic = match in_sight {
        true => found,
        false => return Err(no_topic(&topic)),
    };
    let tag = format!("\"{}-{}\"", read.model.cursor.epoch, read.model.cursor.seq);
    let known = read.knows(&tag);
    let mut response = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((DEVTEAM_CURSOR, read.model.cursor.to_string()));
    if known {
        return Ok(response.finish());
    }
    let encoded = read
        .state
        .hub
        .snapshots
        .get(read.model.clone(), (topic, read.principal.sight))
        .await;
    let encoded = encoded.ok_or_else(|| ApiError::new(ErrorCode::NotFound, NO_TOPIC))?;
    response
        .content_type("application/json")
        .insert_header((header::VARY, "accept-encoding"));
    let accepted = encoding::accepted(request.headers());
    let liked = [Coding::Identity, Coding::Gzip, Coding::Brotli]
        .into_iter()
        .filter_map(|coding| Some((accepted.weight(coding)?, coding)));
    // Of equals the last is taken.
    let coding = liked
        .max_by_key(|(weight, _)| *weight)
        .map_or(Coding::Identity, |(_, coding)| coding);
    Ok(match encoded.compressed(coding).await {
        Some(body) => response
            .insert_header((header::CONTENT_ENCODING, coding.name()))
            .body(body),
        None => response.body(encoded.answer.clone()),
    })
}
