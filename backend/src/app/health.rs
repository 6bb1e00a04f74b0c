//! How the server is, for those who watch over it.

use actix_web::{HttpResponse, http::header, web};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

use crate::{auth::Auth, engine::Health};

/// The routes outside the API.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/health/live", web::get().to(live))
        .route("/health/ready", web::get().to(ready))
        .route("/health/writable", web::get().to(writable))
        .route("/metrics", web::get().to(metrics));
}

/// The process is there.
async fn live() -> HttpResponse {
    no_store(200).json(json!({ "status": "live" }))
}

/// Requests can be answered.
async fn ready(auth: web::Data<Auth>) -> HttpResponse {
    let health = of_all(&auth);
    no_store(if health.loaded { 200 } else { 503 })
        .json(json!({ "loaded": health.loaded, "writes": health.writes, "stale_seconds": health.stale_seconds }))
}

/// Writes are taken.
async fn writable(auth: web::Data<Auth>) -> HttpResponse {
    let writes = of_all(&auth).writes;
    no_store(if writes { 200 } else { 503 }).json(json!({ "writes": writes }))
}

/// As the one is that is worst off.
fn of_all(auth: &Auth) -> Health {
    let all = auth.organizations.all();
    let each = all.iter().map(|state| state.engine.health());
    each.fold(auth.directory.health(), |worst, health| Health {
        loaded: worst.loaded && health.loaded,
        writes: worst.writes && health.writes,
        stale_seconds: worst.stale_seconds.max(health.stale_seconds),
    })
}

async fn metrics(handle: web::Data<PrometheusHandle>) -> HttpResponse {
    no_store(200)
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(handle.render())
}

fn no_store(status: u16) -> actix_web::HttpResponseBuilder {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or_default();
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response
}
