//! The documents the server describes itself with.

use serde_json::{Value, json};
use shared_types::sync::Transport;
use tests::{Server, api::id, wait::until};

/// Every route of version 1 that there is to be.
const ROUTES: &[(&str, &str)] = &[
    ("/organization", "get patch"),
    ("/projects", "get post"),
    ("/projects/{project}", "get patch delete"),
    ("/projects/{project}/restore", "post"),
    ("/projects/{project}/teams", "get post"),
    ("/projects/{project}/teams/{team}", "get patch delete"),
    ("/projects/{project}/teams/{team}/restore", "post"),
    (
        "/projects/{project}/teams/{team}/members/{member}",
        "put delete",
    ),
    ("/projects/{project}/history", "get"),
    ("/members", "get post"),
    ("/members/{member}", "get patch delete"),
    ("/members/{member}/restore", "post"),
    ("/members/{member}/runs", "get"),
    ("/items", "get post"),
    ("/items/{item}", "get patch delete"),
    ("/items/{item}/restore", "post"),
    ("/items/{item}/move", "post"),
    ("/items/{item}/assignees/{member}", "put delete"),
    ("/items/{item}/labels/{label}", "put delete"),
    ("/items/{item}/acceptance/{n}", "put"),
    ("/items/{item}/comments", "get post"),
    ("/items/{item}/comments/{comment}", "patch delete"),
    ("/items/{item}/runs", "get post"),
    ("/items/{item}/proposals", "get post"),
    ("/items/{item}/proposals/{n}/accept", "post"),
    ("/items/{item}/proposals/{n}/dismiss", "post"),
    ("/runs", "get"),
    ("/runs/claim", "post"),
    ("/runs/lines", "get"),
    ("/runs/{run}", "get"),
    ("/runs/{run}/log", "get post"),
    ("/runs/{run}/cancel", "post"),
    ("/runs/{run}/answer", "post"),
    ("/runs/{run}/accept", "post"),
    ("/runs/{run}/reject", "post"),
    ("/runs/{run}/retry", "post"),
    ("/runs/{run}/renew", "post"),
    ("/runs/{run}/reserve", "post"),
    ("/runs/{run}/ask", "post"),
    ("/runs/{run}/submit", "post"),
    ("/runs/{run}/fail", "post"),
    ("/budgets", "get put"),
    ("/agents/switch", "get put"),
    ("/activity", "get"),
    ("/account", "get"),
    ("/snapshot", "get"),
    ("/events", "get"),
    ("/sse", "get"),
    ("/ws", "get"),
];

#[tokio::test]
async fn every_route_is_described_and_every_described_route_is_there() {
    let server = Server::spawn();
    let api = server.api();
    let document = api.get("/openapi.json").await.expect(200);
    assert!(
        document["openapi"].as_str().unwrap().starts_with("3.1"),
        "{}",
        document["openapi"]
    );
    for (path, methods) in ROUTES {
        for method in methods.split(' ') {
            let operation = &document["paths"][format!("/api/v1{path}")][method];
            assert!(operation.is_object(), "{method} {path} is not described");
            assert!(
                operation["summary"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{method} {path}"
            );
            assert!(
                operation["responses"]
                    .as_object()
                    .is_some_and(|all| !all.is_empty()),
                "{method} {path}"
            );
        }
    }
    for (path, operations) in document["paths"].as_object().unwrap() {
        let known_by_id = [
            "comment",
            "run",
            "session",
            "account",
            "invitation",
            "token",
        ];
        let path = known_by_id.into_iter().fold(named(path), |path, name| {
            let id = "019380a0-7b3c-7c41-a3f2-2a1b3c4d5e6f";
            path.replace(&format!("{{{name}}}"), id)
        });
        for (method, _) in operations.as_object().unwrap() {
            // Nothing that is served answers that there is no such method, or that there is nothing at this path.
            let path = path
                .strip_prefix("/api/v1")
                .map_or_else(|| format!("/{path}"), str::to_owned);
            let answer = api.request(&method.to_uppercase(), &path).await;
            assert_ne!(answer.status, 405, "{method} {path}");
            assert!(
                !answer.text().contains("There is nothing at"),
                "{method} {path}: {}",
                answer.text()
            );
        }
    }
}

/// A path with names in it as they can be.
fn named(path: &str) -> String {
    let names = [
        ("project", "website"),
        ("team", "frontend"),
        ("member", "ada"),
        ("item", "WEB-12"),
        ("n", "0"),
        ("label", "bug"),
    ];
    let name = |path: String, (of, name): (&str, &str)| path.replace(&format!("{{{of}}}"), name);
    names.into_iter().fold(path.to_owned(), name)
}

/// Every `$ref` in a document.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
                found.push(reference.to_owned());
            }
            object.values().for_each(|value| references(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn references_in_the_documents_lead_somewhere() {
    let server = Server::spawn();
    for path in ["/openapi.json", "/asyncapi.json"] {
        let document = server.api().get(path).await.expect(200);
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 20, "{path}");
        for reference in found {
            let pointer = reference
                .strip_prefix('#')
                .unwrap_or_else(|| panic!("{reference} in {path}"));
            assert!(document.pointer(pointer).is_some(), "{reference} in {path}");
        }
    }
}

/// Whether something is as a schema of the document says; all that is wrong with it if not.
fn wrong(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    let validator = jsonschema::draft202012::new(&schema).expect("a schema of 2020-12");
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{} {error}", error.instance_path()))
        .collect()
}

#[tokio::test]
async fn answers_are_what_the_document_says() {
    let server = Server::demo();
    let api = server.api();
    // The demo's AI members work while somebody looks.
    let mut looking = server.live(Transport::WebSocket).await;
    looking.follow("org").await;
    let document = api.get("/openapi.json").await.expect(200);
    let first = async |path: &str| {
        let list = api.get(path).await.expect(200);
        let found = list["items"].get(0)?;
        Some(found["id"].as_str().unwrap().to_owned())
    };
    let members = api.get("/members").await.expect(200);
    let mut members = members["items"].as_array().unwrap().iter();
    let agent = id(members.find(|one| one["kind"] == "agent").unwrap());
    let runs = format!("/members/{agent}/runs");
    let names = [
        ("{project}", "website".to_owned()),
        ("{team}", first("/projects/website/teams").await.unwrap()),
        ("{member}", agent.to_owned()),
        (
            "{item}",
            first("/items?project=website&kind=task").await.unwrap(),
        ),
        ("{run}", until("a run", async || first(&runs).await).await),
    ];
    let mut seen = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let content = &operations["get"]["responses"]["200"]["content"];
        let schema = &content["application/json"]["schema"];
        let put = |place: String, (of, name): &(&str, String)| place.replace(of, name);
        let place = names.iter().fold(path.clone(), put);
        let Some(place) = place.strip_prefix("/api/v1") else {
            continue;
        };
        if !schema.is_object() || place.contains('{') {
            continue;
        }
        let query = match place {
            "/snapshot" => "?topic=project:website",
            "/events" => "?topics=project:website",
            _ if place.ends_with("/history") => "?measure=tasks",
            _ => "",
        };
        let answer = api.get(&format!("{place}{query}")).await;
        if answer.status != 200 {
            continue;
        }
        let wrong = wrong(&document, schema, &answer.expect(200));
        assert!(wrong.is_empty(), "GET {place}: {wrong:#?}");
        seen += 1;
    }
    assert!(seen >= 25, "{seen} answers were looked at");
}

#[tokio::test]
async fn examples_of_the_document_are_what_it_says() {
    let server = Server::spawn();
    let document = server.api().get("/openapi.json").await.expect(200);
    let mut seen = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let Some(example) = example(operation) else {
                continue;
            };
            let content = operation["requestBody"]["content"].as_object().unwrap();
            let schema = &content.values().next().unwrap()["schema"];
            let wrong = wrong(&document, schema, &example);
            assert!(wrong.is_empty(), "{method} {path}: {wrong:#?}");
            seen += 1;
        }
    }
    assert!(seen >= 20, "{seen} examples were looked at");
}

/// The example of a request's body.
fn example(operation: &Value) -> Option<Value> {
    let content = operation["requestBody"]["content"].as_object()?;
    let media = content.values().next()?;
    let first = || {
        media["examples"]
            .as_object()?
            .values()
            .next()?
            .get("value")
            .cloned()
    };
    media.get("example").cloned().or_else(first)
}

#[tokio::test]
async fn examples_are_valid() {
    let server = Server::spawn();
    let api = server.api();
    let document = api.get("/openapi.json").await.expect(200);
    let of = |path: &str, method: &str| {
        let operation = &document["paths"][format!("/api/v1{path}")][method];
        example(operation).unwrap_or_else(|| panic!("{method} {path} has no example"))
    };
    // What the examples refer to.
    for (name, slug, key) in [("Website", "website", "WEB"), ("Other", "other", "OTH")] {
        api.create(
            "/projects",
            json!({ "name": name, "slug": slug, "key": key }),
        )
        .await;
    }
    let project = api.get("/projects/website").await.expect(200);
    for name in ["Frontend", "Backend", "Core"] {
        api.team(&project, name).await;
    }
    for slug in ["ada", "grace", "iris", "ben"] {
        api.create(
            "/members",
            json!({ "name": slug, "slug": slug, "kind": "human" }),
        )
        .await;
        for team in ["frontend", "backend", "core"] {
            api.put(&format!("/projects/website/teams/{team}/members/{slug}"))
                .await
                .expect(200);
        }
    }
    let epic = api
        .create(
            "/items",
            json!({ "kind": "epic", "title": "E", "project": "website" }),
        )
        .await;
    let feature =
        json!({ "kind": "feature", "title": "F", "project": "website", "parent": epic["id"] });
    api.create("/items", feature).await;
    for n in 0..20 {
        let task = json!({ "kind": "task", "title": format!("T {n}"), "project": "website", "acceptance": [{ "text": "x" }] });
        api.create("/items", task).await;
    }
    let comment = api
        .create("/items/WEB-12/comments", json!({ "body": "Hm" }))
        .await;
    for (path, method) in [
        ("/organization", "patch"),
        ("/projects", "post"),
        ("/projects/{project}", "patch"),
        ("/projects/{project}/teams", "post"),
        ("/projects/{project}/teams/{team}", "patch"),
        ("/members", "post"),
        ("/members/{member}", "patch"),
        ("/items", "post"),
        ("/items/{item}", "patch"),
        ("/items/{item}/move", "post"),
        ("/items/{item}/acceptance/{n}", "put"),
        ("/items/{item}/comments", "post"),
        ("/items/{item}/comments/{comment}", "patch"),
    ] {
        let body = of(path, method);
        let at = named(path).replace("{comment}", id(&comment));
        let answer = api
            .request(&method.to_uppercase(), &at)
            .json(body.clone())
            .header("if-match", "*")
            .await;
        // Readable and known in every field; whether it is possible where it stands is another matter.
        let understood = answer.status < 300 || answer.status == 409;
        assert!(understood, "{method} {path} with {body}: {}", answer.text());
    }
}

#[tokio::test]
async fn every_message_and_every_type_of_event_has_a_schema() {
    let server = Server::spawn();
    let text = server
        .api()
        .get("/asyncapi.json")
        .await
        .expect(200)
        .to_string();
    for message in [
        "authenticate",
        "subscribe",
        "unsubscribe",
        "look",
        "ping",
        "welcome",
        "subscribed",
        "event",
        "rollup",
        "heartbeat",
        "resync",
        "unsubscribed",
        "presence",
        "pong",
        "error",
        "closing",
    ] {
        assert!(text.contains(&format!("\"{message}\"")), "{message}");
    }
    for entity in ["project", "member", "team", "item", "comment"] {
        for what in ["created", "updated", "deleted", "restored"] {
            assert!(
                text.contains(&format!("\"{entity}.{what}\"")),
                "{entity}.{what}"
            );
        }
    }
    assert!(text.contains("\"organization.updated\""));
}

#[tokio::test]
async fn the_documents_can_be_browsed_and_health_and_metrics_answer() {
    let server = Server::spawn();
    let api = server.api();
    let page = api.get("/docs/").await;
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-type").starts_with("text/html"),
        "{}",
        page.text()
    );
    let ready = api.get("//health/ready").await.expect(200);
    assert!(
        ready.get("writes").is_some() && ready.get("stale_seconds").is_some(),
        "{ready}"
    );
    for path in ["//health/live", "//health/writable"] {
        assert_eq!(api.get(path).await.status, 200, "{path}");
    }
    api.project("Counted").await;
    let metrics = api.get("//metrics").await;
    assert_eq!(metrics.status, 200);
    assert!(metrics.text().contains("# TYPE"), "{}", metrics.text());
}
