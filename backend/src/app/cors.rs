use actix_cors::Cors;
use actix_web::http::{Method, header};

use crate::auth::Origins;

/// Seconds for which a browser need not ask again.
const MAX_AGE: usize = 3_600;

/// What browsers are told about pages of other sites: those that are allowed may use the API, with a token and without
/// cookies.
pub(super) fn cors(origins: &Origins) -> Cors {
    let allowed = origins
        .iter()
        .fold(Cors::default(), |cors, origin| cors.allowed_origin(origin));
    allowed
        .allowed_methods([
            Method::GET,
            Method::POST,
            Method::PATCH,
            Method::PUT,
            Method::DELETE,
        ])
        .allowed_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
        ])
        .allowed_header("devteam-cursor")
        .allowed_header("idempotency-key")
        .allowed_header("last-event-id")
        .allowed_header("mcp-method")
        .allowed_header("mcp-name")
        .allowed_header("mcp-protocol-version")
        .allowed_header("x-request-id")
        .expose_headers([
            "devteam-cursor",
            "devteam-next",
            "devteam-role",
            "devteam-stale",
            "etag",
            "idempotency-replayed",
            "location",
            "retry-after",
            "x-request-id",
        ])
        .max_age(MAX_AGE)
}
