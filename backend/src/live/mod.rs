//! What happens, told to whoever follows: topic logs, and one reader behind three transports.
//!
//! The engine puts each event on the [`Hub`], encoded once. Every thread that serves connections has a `worker`,
//! which is woken once for whatever was published meanwhile. A connection is a `reader`: a set of cursors into the
//! topic logs. WebSocket, SSE and polling are encodings of what it reads.

mod access;
mod begin;
mod chunk;
mod elsewhere;
mod entry;
mod frame;
mod held;
mod hub;
mod interest;
mod latest;
mod line;
mod message;
mod metrics;
mod narrowed;
mod poll;
mod presence;
mod reader;
mod retry;
mod signal;
mod snapshot;
mod snapshot_route;
mod sse;
#[cfg(test)]
mod tests;
mod worker;
mod ws;

use utoipa_actix_web::service_config::ServiceConfig;

pub use elsewhere::share_presence;
pub use hub::Hub;
pub use latest::keep_telling;
pub use ws::upgrade;

/// The routes of the live half. They want the [`Hub`] in the application's data.
pub fn configure(config: &mut ServiceConfig) {
    config
        .configure(ws::configure)
        .configure(sse::configure)
        .configure(poll::configure)
        .configure(snapshot_route::configure);
}
