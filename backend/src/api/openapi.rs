//! The OpenAPI document: what the handlers say of themselves, and what holds for all of them.

use std::sync::LazyLock;

use actix_web::App;
use serde_json::{Map, Value, json};
use shared_types::error::{ErrorCode, Problem};
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

use super::version_1;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "AI Dev Team",
        description = "A work board that people and AI members share, live.\n\nEvery answer carries `Devteam-Cursor`, \
                       a position in the organization's one line of events; with it a client goes from REST to the \
                       WebSocket, SSE or polling without missing anything. The live messages are described in \
                       [asyncapi.json](/api/v1/asyncapi.json). Every refusal is an RFC 9457 problem.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "This server")),
    components(schemas(Problem)),
    tags(
        (name = "organization", description = "The organization itself"),
        (name = "projects", description = "Projects and how they went"),
        (name = "teams", description = "The teams of a project"),
        (name = "members", description = "People and AI agents"),
        (name = "items", description = "Epics, features and tasks"),
        (name = "comments", description = "What is said about an item"),
        (name = "runs", description = "What AI members work on, and what people say to it"),
        (name = "workers", description = "Working runs from elsewhere"),
        (name = "agents", description = "What AI members may spend, and whether they work"),
        (name = "providers", description = "For admins: whose models AI members work with"),
        (name = "activity", description = "What has happened"),
        (name = "account", description = "Who you are, signing in and out, your sessions and tokens"),
        (name = "access", description = "For admins: accounts, invitations, tokens, the audit"),
        (name = "live", description = "Following what happens: WebSocket, SSE, polling"),
        (name = "documents", description = "Descriptions for programs"),
    )
)]
struct Base;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    // Put together as the server puts it together, for the description's sake.
    let (_, described) = App::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .service(version_1())
        .split_for_parts();
    let mut document = serde_json::to_value(described).unwrap_or_default();
    for (path, operations) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            complete(path, method, operation);
        }
    }
    let components = &mut document["components"];
    components["parameters"] = parameters();
    components["headers"] = headers();
    components["responses"] = refusals();
    document
});

/// The document.
pub(super) fn document() -> &'static Value {
    &DOCUMENT
}

/// Adds what a handler does not say because it is the same for all of its kind.
fn complete(path: &str, method: &str, operation: &mut Value) {
    operation["operationId"] = operation_id(path, method).into();
    let is_read = method == "get";
    // What changes the directory or a provider is no entity, and its answers are not kept.
    let tag = operation["tags"][0].as_str();
    let is_access = matches!(tag, Some("account" | "access" | "providers"));
    let is_entity_write = !is_read && method != "post";
    let names: &[&str] = match method {
        _ if is_access => &["RequestId"],
        "get" => &["DevteamCursor", "IfNoneMatch", "RequestId"],
        _ if is_entity_write || path.ends_with("/move") => {
            &["IfMatch", "IdempotencyKey", "RequestId"]
        }
        _ => &["IdempotencyKey", "RequestId"],
    };
    let references = names
        .iter()
        .map(|name| json!({ "$ref": format!("#/components/parameters/{name}") }));
    match operation["parameters"].as_array_mut() {
        Some(parameters) => parameters.extend(references),
        None => operation["parameters"] = references.collect(),
    }

    let has_body = operation.get("requestBody").is_some();
    if method == "patch" && has_body {
        let content = &mut operation["requestBody"]["content"];
        content["application/merge-patch+json"] = content["application/json"].clone();
    }
    let responses = &mut operation["responses"];
    for (status, response) in responses.as_object_mut().into_iter().flatten() {
        let mut names = vec!["Devteam-Cursor", "X-Request-Id"];
        names.extend(is_read.then_some("Devteam-Stale"));
        if !is_access {
            names.extend((status == "201").then_some("Location"));
            names.extend((status != "204").then_some("ETag"));
            names.extend((!is_read).then_some("Idempotency-Replayed"));
        }
        response["headers"] = references_to("headers", &names);
    }
    let mut refused = vec!["400", "401", "403", "422", "429", "500", "503"];
    refused.extend(path.contains('{').then_some("404"));
    refused.extend((!is_read).then_some("409"));
    refused.extend(
        has_body
            .then_some(["408", "413", "415"])
            .into_iter()
            .flatten(),
    );
    refused.extend(names.contains(&"IfMatch").then_some("412"));
    refused.extend((method == "patch" && path.ends_with("/items/{item}")).then_some("428"));
    refused.sort_unstable();
    for status in refused {
        responses[status] = json!({ "$ref": format!("#/components/responses/{status}") });
    }
    if is_read && !is_access {
        responses["304"] =
            json!({ "description": "Not modified since the entity tag in `If-None-Match`." });
    }
}

/// `get_items_item` and so on: unique, and the same as long as the path is.
fn operation_id(path: &str, method: &str) -> String {
    let words = path
        .trim_start_matches("/api/v1")
        .split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    format!("{method}_{}", words.join("_"))
}

fn references_to(kind: &str, names: &[&str]) -> Value {
    let reference = |name: &&str| {
        (
            (*name).to_owned(),
            json!({ "$ref": format!("#/components/{kind}/{name}") }),
        )
    };
    names.iter().map(reference).collect::<Map<_, _>>().into()
}

fn parameters() -> Value {
    let header = |name: &str, description: &str, example: &str| {
        json!({
            "name": name, "in": "header", "required": false, "description": description,
            "schema": { "type": "string" }, "example": example,
        })
    };
    json!({
        "IfMatch": header(
            "If-Match",
            "The version, or one of the versions, that you have read: another one refuses the request (412). Required \
             to change a list as a whole.",
            "\"5\"",
        ),
        "IfNoneMatch": header("If-None-Match", "An entity tag that you have: 304 where it is still the one.", "\"5\""),
        "IdempotencyKey": header(
            "Idempotency-Key",
            "1 to 255 visible ASCII characters. The same key and request within 24 hours is answered as it was first.",
            "0b3c7f6e-4d7e-4f5e-9f61-0a6e2f1f7d11",
        ),
        "DevteamCursor": header(
            "Devteam-Cursor",
            "A cursor from another answer: the read waits, up to 5 seconds, until this server is there.",
            "k3f9:120",
        ),
        "RequestId": header(
            "X-Request-Id",
            "1 to 128 visible ASCII characters, made if absent; comes back, and is the `cause` of the events.",
            "import-42",
        ),
    })
}

fn headers() -> Value {
    let header = |description: &str, example: &str| json!({ "description": description, "schema": { "type": "string" }, "example": example });
    json!({
        "Devteam-Cursor": header(
            "Of a write, the position at which it became visible; of a read, the position it is true at.",
            "k3f9:121",
        ),
        "Devteam-Stale": header(
            "For how many seconds the server could not ask its journal whether there is more; absent while it can.",
            "12",
        ),
        "X-Request-Id": header("As sent, else made; also in the server's logs.", "import-42"),
        "ETag": header("The entity's version; of a list, the position of the last change to it.", "\"5\""),
        "Location": header("Where what was made is.", "/api/v1/items/0193...")
        ,
        "Idempotency-Replayed": header("`true` where this is the answer to an earlier request.", "true"),
        "Allow": header("The methods that there are.", "GET, HEAD, POST"),
        "Retry-After": header("Seconds after which to try again.", "1"),
    })
}

/// The problem that each status stands for, with the codes that it can carry.
fn refusals() -> Value {
    let mut refusals = Map::new();
    for code in ErrorCode::ALL {
        let entry = refusals.entry(code.status().to_string()).or_insert_with(|| {
            json!({
                "description": "",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
                "headers": references_to("headers", headers_of(code.status())),
            })
        });
        let so_far = entry["description"].as_str().unwrap_or_default();
        let separator = if so_far.is_empty() { "" } else { "; " };
        entry["description"] =
            format!("{so_far}{separator}`{}`: {}", code.as_str(), code.title()).into();
    }
    refusals.into()
}

fn headers_of(status: u16) -> &'static [&'static str] {
    match status {
        405 => &["Allow", "X-Request-Id"],
        429 | 503 => &["Retry-After", "X-Request-Id"],
        _ => &["X-Request-Id"],
    }
}
