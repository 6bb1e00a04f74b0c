//! The WebSocket. The connection is taken over whole from the HTTP server, so that an idle one costs no HTTP buffers
//! and what is shared goes out without being copied.

mod ask;
mod clock;
mod close;
mod connection;
mod handshake;
mod inbound;
mod outbound;
mod pace;

use actix_web::{HttpResponse, get};
use shared_types::ErrorCode;
use utoipa_actix_web::service_config::ServiceConfig;

pub use handshake::upgrade;

use crate::api::ApiError;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(describe);
}

/// The WebSocket
///
/// One multiplexed connection, subprotocol `devteam.v1`, JSON text frames. The messages are in `/api/v1/asyncapi.json`.
#[utoipa::path(tag = "live", responses((status = 101, description = "The protocol is switched")))]
#[get("/ws")]
async fn describe() -> Result<HttpResponse, ApiError> {
    // Whoever asks for an upgrade is served before the routes.
    Err(ApiError::new(
        ErrorCode::Malformed,
        "This is a WebSocket: ask for it with `Upgrade: websocket`.",
    ))
}
