//! Paths and methods that there are not.

use actix_web::dev::RequestHead;
use std::sync::LazyLock;

use actix_web::{HttpRequest, dev::ResourceDef};
use serde_json::Value;
use shared_types::ErrorCode;

use super::{ApiError, openapi, write::Reply};

/// What is described, to tell an unknown path from a known one with other methods.
static ROUTES: LazyLock<Vec<(ResourceDef, String)>> = LazyLock::new(|| {
    let paths = openapi::document()["paths"]
        .as_object()
        .into_iter()
        .flatten();
    paths
        .map(|(path, operations)| (ResourceDef::new(path.as_str()), allow(operations)))
        .collect()
});

/// 405 where the path is known, else 404.
pub(super) async fn refuse(request: HttpRequest) -> Reply {
    // The path as it is in the address, in which an encoded slash is none.
    let path = request.uri().path();
    let known = ROUTES.iter().find(|(resource, _)| resource.is_match(path));
    Err(match known {
        Some((_, allow)) => ApiError::method_not_allowed(request.method().as_str(), allow.clone()),
        None => {
            let detail =
                format!("There is nothing at {path}: what there is stands at /api/v1/docs/.");
            ApiError::new(ErrorCode::NotFound, detail)
        }
    })
}

/// Whether there is a route for this path and method.
pub(super) fn is_route(head: &RequestHead) -> bool {
    let (path, method) = (head.uri.path(), head.method.as_str());
    let known = ROUTES.iter().find(|(resource, _)| resource.is_match(path));
    known.is_some_and(|(_, allow)| allow.split(", ").any(|known| known == method))
}

fn allow(operations: &Value) -> String {
    let mut methods: Vec<String> = operations
        .as_object()
        .into_iter()
        .flatten()
        .map(|(method, _)| method.to_uppercase())
        .collect();
    if methods.iter().any(|method| method == "GET") {
        methods.push("HEAD".into());
    }
    methods.sort();
    methods.join(", ")
}
