use std::collections::{BTreeMap, BTreeSet};

use actix_web::test::TestRequest;
use serde_json::Value;
use shared_types::error::ErrorCode;

use super::Server;
use crate::{
    api::{asyncapi, openapi},
    auth::roles,
};

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(
                fields
                    .get("$ref")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

fn assert_references_resolve(document: &Value) {
    let mut found = BTreeSet::new();
    references(document, &mut found);
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
}

#[test]
fn the_document_has_the_routes_that_there_are_to_be_and_no_others() {
    let document = openapi::document();
    let described: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(path, operations)| {
            let methods: BTreeSet<&str> = operations
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            (
                path.clone(),
                methods.into_iter().collect::<Vec<_>>().join(" "),
            )
        })
        .collect();
    let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for door in roles::DOORS {
        let methods = expected.entry(format!("/api/v1{}", door.path)).or_default();
        methods.insert(door.method.to_lowercase());
    }
    let expected = expected.into_iter().map(|(path, methods)| {
        let methods: Vec<String> = methods.into_iter().collect();
        (path, methods.join(" "))
    });
    let expected: BTreeSet<(String, String)> = expected.collect();
    assert_eq!(described, expected);
}

#[test]
fn the_document_is_whole() {
    let document = openapi::document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_references_resolve(document);
    let mut ids = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id), "{id} twice");
            assert!(
                operation["summary"].is_string(),
                "{method} {path} says nothing of itself"
            );
            let named: BTreeSet<&str> = operation["parameters"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            let in_path = path
                .split('/')
                .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
                .collect();
            assert_eq!(named, in_path, "{method} {path}");
            if let Some(body) = operation.get("requestBody") {
                assert!(
                    body["content"]["application/json"]["example"].is_object(),
                    "{method} {path} has no example"
                );
            }
        }
    }
}

#[test]
fn every_error_code_is_described() {
    let responses = &openapi::document()["components"]["responses"];
    for code in ErrorCode::ALL {
        let description = responses[code.status().to_string()]["description"]
            .as_str()
            .unwrap();
        assert!(
            description.contains(&format!("`{}`", code.as_str())),
            "{code:?}"
        );
    }
}

#[actix_web::test]
async fn examples_are_taken() {
    let document = openapi::document();
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["NewProject"]["additionalProperties"], false);
    let server = Server::start().await;
    for path in ["/projects", "/members"] {
        let operation = &document["paths"][format!("/api/v1{path}")]["post"];
        server
            .make(
                path,
                operation["requestBody"]["content"]["application/json"]["example"].clone(),
            )
            .await;
    }
}

#[test]
fn every_message_and_event_has_a_schema() {
    let document = asyncapi::document();
    assert_references_resolve(&document);
    let messages = document["components"]["messages"].as_object().unwrap();
    for name in ["authenticate", "subscribe", "unsubscribe", "look", "ping"] {
        assert!(messages.contains_key(&format!("client_{name}")), "{name}");
    }
    let of_server = [
        "welcome",
        "subscribed",
        "event",
        "rollup",
        "heartbeat",
        "resync",
        "unsubscribed",
        "presence",
        "log",
        "pong",
        "error",
        "closing",
    ];
    for name in of_server {
        assert!(messages.contains_key(&format!("server_{name}")), "{name}");
    }
    let others = [
        "organization.updated",
        "run.created",
        "run.updated",
        "budget.updated",
    ];
    let mut events: Vec<String> = others.map(str::to_owned).to_vec();
    for entity in ["project", "team", "member", "item", "comment"] {
        events.extend(
            ["created", "updated", "deleted", "restored"].map(|what| format!("{entity}.{what}")),
        );
    }
    for name in &events {
        let payload = messages[name]["payload"]["$ref"].as_str().unwrap();
        assert!(
            document.pointer(payload.trim_start_matches('#')).is_some(),
            "{name}"
        );
    }
    let described = messages.keys().filter(|name| name.contains('.')).count();
    assert_eq!(described, events.len());
}

#[actix_web::test]
async fn the_documents_are_public_and_cached() {
    let server = Server::start().await;
    for path in ["/openapi.json", "/asyncapi.json"] {
        let first = server.get(path).await;
        assert_eq!(
            (first.status, first.header("content-type")),
            (200, "application/json")
        );
        let known = TestRequest::get().insert_header(("if-none-match", first.header("etag")));
        assert_eq!(server.send(known, path).await.status, 304);
    }
    let page = server.get("/docs/").await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/html")
    );
    assert_eq!(server.get("/docs").await.status, 307);
    assert_eq!(
        server.get("/docs/nothing.js").await.problem(),
        (404, "not_found")
    );
}
