//! `/openapi.json`, `/asyncapi.json` and the page to read them on.

use std::sync::LazyLock;

use actix_web::{
    HttpResponse, Scope,
    dev::{ServiceFactory, ServiceRequest},
    get,
    http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG},
    web::{self, Bytes},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{asyncapi, openapi, precondition::Condition, write::Reply};

/// A document as it is sent.
struct Document {
    json: Bytes,
    tag: String,
}

impl Document {
    fn new(document: &Value) -> Self {
        let json = Bytes::from(document.to_string());
        let hash = Sha256::digest(&json)
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self { json, tag: hash }
    }

    fn answer(&self, request: &actix_web::HttpRequest) -> Reply {
        let known = Condition::if_none_match(request.headers())?.names(&self.tag);
        let mut response = if known {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header((ETAG, format!("\"{}\"", self.tag)))
            .insert_header((CACHE_CONTROL, "no-cache"));
        if known {
            return Ok(response.finish());
        }
        Ok(response
            .insert_header((CONTENT_TYPE, "application/json"))
            .body(self.json.clone()))
    }
}

static OPENAPI: LazyLock<Document> = LazyLock::new(|| Document::new(openapi::document()));
static ASYNCAPI: LazyLock<Document> = LazyLock::new(|| Document::new(&asyncapi::document()));

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(openapi_json).service(asyncapi_json);
}

/// This description (OpenAPI 3.1)
#[utoipa::path(tag = "documents", responses((status = 200, body = Object)))]
#[get("/openapi.json")]
async fn openapi_json(request: actix_web::HttpRequest) -> Reply {
    OPENAPI.answer(&request)
}

/// The messages of the WebSocket, SSE and polling, and every event (AsyncAPI 3.0)
#[utoipa::path(tag = "documents", responses((status = 200, body = Object)))]
#[get("/asyncapi.json")]
async fn asyncapi_json(request: actix_web::HttpRequest) -> Reply {
    ASYNCAPI.answer(&request)
}

/// The page for people: nothing that a program asks for, so it is not described.
pub(super) fn configure_browser<T>(scope: Scope<T>) -> Scope<T>
where
    T: ServiceFactory<ServiceRequest, Config = (), Error = actix_web::Error, InitError = ()>,
{
    scope.service(web::redirect("/docs", "docs/")).service(
        SwaggerUi::new("/docs/{_:.*}")
            .config(Config::from("/api/v1/openapi.json").validator_url("none")),
    )
}
