//! Bad input, and odd input that is not bad.

use serde_json::{Value, json};
use tests::{Answer, Server, api::id};

#[tokio::test]
async fn bodies_that_can_not_be_read_are_malformed() {
    let server = Server::spawn();
    let api = server.api();
    let send = |body: &str| {
        api.request("POST", "/projects")
            .body("application/json", body)
    };
    for body in [
        "",
        "{",
        "{\"name\":",
        "nonsense",
        "{\"name\":\"a\"}{}",
        "\u{feff}",
        "{\"name\":\"\\ud800\"}",
    ] {
        send(body).await.problem(400, "malformed");
    }
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    send(&deep).await.problem(400, "malformed");
    api.request("POST", "/projects")
        .body("application/json", vec![0xff, 0xfe, 0x00])
        .await
        .problem(400, "malformed");
    for body in ["[]", "null", "7", "\"name\""] {
        let refused = send(body).await;
        assert!(
            [400, 422].contains(&refused.status),
            "{body}: {}",
            refused.text()
        );
        refused.problem(
            refused.status,
            refused.expect(refused.status)["code"].as_str().unwrap(),
        );
    }
}

#[tokio::test]
async fn a_body_over_one_mebibyte_is_too_large() {
    let server = Server::spawn();
    let api = server.api();
    let body = json!({ "name": "Web", "description": "a".repeat(1024 * 1024) });
    api.post("/projects", body).await.problem(413, "too_large");
    // The server is there for the next one.
    api.project("Web").await;
}

#[tokio::test]
async fn a_body_of_another_type_is_not_taken() {
    let server = Server::spawn();
    let api = server.api();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
    ] {
        let refused = api
            .request("POST", "/projects")
            .body(kind, r#"{"name":"Web"}"#)
            .await;
        refused.problem(415, "unsupported_media_type");
    }
    let kind = "application/json; charset=utf-8";
    api.request("POST", "/projects")
        .body(kind, r#"{"name":"Web"}"#)
        .await
        .expect(201);
    let kind = "application/merge-patch+json";
    api.request("PATCH", "/projects/web")
        .body(kind, r#"{"name":"Site"}"#)
        .await
        .expect(200);
}

#[tokio::test]
async fn wrong_types_and_unknown_fields_are_named_all_at_once() {
    let server = Server::spawn();
    let api = server.api();
    let problem = api
        .post(
            "/projects",
            json!({ "nmae": "Web", "description": 7, "slug": [] }),
        )
        .await
        .wrong_field("/name");
    let named: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    for pointer in ["/nmae", "/description", "/slug"] {
        assert!(named.contains(&pointer), "{problem}");
    }
    for (field, value) in [
        ("title", json!(7)),
        ("kind", json!("story")),
        ("status", json!("asleep")),
        ("priority", json!("very")),
        ("estimate", json!(-1)),
        ("estimate", json!(0.123)),
        ("estimate", json!("2")),
        ("estimate", json!(1e300)),
        ("due", json!("tomorrow")),
        ("due", json!("2026-02-30")),
        ("labels", json!("bug")),
        ("labels/0", json!([""])),
        ("labels/0", json!(["a".repeat(41)])),
        ("labels/0", json!(["two\nlines"])),
        ("acceptance/0/text", json!([{ "text": "a".repeat(501) }])),
        ("acceptance/0/dnoe", json!([{ "text": "a", "dnoe": true }])),
        ("description", json!("a".repeat(64 * 1024 + 1))),
        ("title", json!("")),
        ("title", json!("   ")),
        ("title", json!("a".repeat(201))),
        ("title", json!("nul \u{0} inside")),
    ] {
        let mut new = json!({ "kind": "task", "title": "T" });
        new[field.split('/').next().unwrap()] = value;
        api.post("/items", new)
            .await
            .wrong_field(&format!("/{field}"));
    }
}

#[tokio::test]
async fn lists_of_an_item_have_their_limits() {
    let server = Server::spawn();
    let api = server.api();
    let create = |field: &str, value: Value| {
        let mut new = json!({ "kind": "task", "title": "T" });
        new[field] = value;
        api.post("/items", new)
    };
    let refused = |answer: &Answer, field: &str| {
        assert!(
            [409, 422].contains(&answer.status),
            "{field}: {}",
            answer.text()
        );
        assert!(answer.text().contains(field), "{field}: {}", answer.text());
    };
    let labels = |count: usize| json!((0..count).map(|n| format!("label {n}")).collect::<Vec<_>>());
    create("labels", labels(20)).await.expect(201);
    refused(&create("labels", labels(21)).await, "labels");
    let criteria = |count: usize| {
        json!(
            (0..count)
                .map(|n| json!({ "text": format!("{n}") }))
                .collect::<Vec<_>>()
        )
    };
    create("acceptance", criteria(50)).await.expect(201);
    refused(&create("acceptance", criteria(51)).await, "acceptance");
    let mut members = Vec::new();
    for n in 0..21 {
        members.push(api.member(&format!("Member {n}")).await["id"].clone());
    }
    create("assignees", json!(members[..20])).await.expect(201);
    refused(&create("assignees", json!(members)).await, "assignees");
    let mut items = Vec::new();
    for n in 0..51 {
        items.push(
            api.create("/items", json!({ "kind": "task", "title": format!("{n}") }))
                .await["id"]
                .clone(),
        );
    }
    create("depends_on", json!(items[..50])).await.expect(201);
    refused(&create("depends_on", json!(items)).await, "depends_on");
}

#[tokio::test]
async fn names_have_one_to_a_hundred_and_twenty_characters_of_any_script() {
    let server = Server::spawn();
    let api = server.api();
    for name in [
        String::new(),
        "a".repeat(121),
        " ".into(),
        "\u{200b}".repeat(121),
        "a\u{0}b".into(),
    ] {
        api.post("/projects", json!({ "name": name }))
            .await
            .wrong_field("/name");
    }
    // Counted in characters, not in bytes.
    for name in [
        "a".repeat(120),
        "é".repeat(120),
        "🚀".repeat(120),
        "مشروع الموقع".into(),
        "e\u{301}\u{327}a\u{30a}".into(),
        "עברית and English".into(),
    ] {
        let made = api.project(&name).await;
        let read = api
            .get(&format!("/projects/{}", id(&made)))
            .await
            .expect(200);
        assert_eq!(
            read["name"].as_str().unwrap().chars().next(),
            name.chars().next(),
            "{read}"
        );
    }
}

#[tokio::test]
async fn markdown_with_html_is_kept_as_it_was_written_and_served_as_data() {
    let server = Server::spawn();
    let api = server.api();
    let text = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) & \u{202e}rtl";
    let project = api
        .create(
            "/projects",
            json!({ "name": "<b>Web</b>", "description": text }),
        )
        .await;
    let answer = api.get(&format!("/projects/{}", id(&project))).await;
    assert_eq!(answer.expect(200)["description"], text);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn unknown_paths_methods_and_names_are_problems_too() {
    let server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    for path in [
        "/nowhere",
        "/projects/web/nowhere",
        "/",
        "",
        "/projects//teams",
        "/items/WEB-0",
        "/items/WEB-99",
    ] {
        api.get(path).await.problem(404, "not_found");
    }
    for name in [
        "no%20spaces",
        "%F0%9F%9A%80",
        "UPPER",
        "..",
        "%2e%2e%2fetc",
        "a%00b",
        &"a".repeat(3000),
    ] {
        api.get(&format!("/projects/{name}"))
            .await
            .problem(404, "not_found");
        api.get(&format!("/items/{name}"))
            .await
            .problem(404, "not_found");
    }
    let refused = api.delete("/projects").await;
    refused.problem(405, "method_not_allowed");
    assert!(
        refused.header("allow").contains("POST"),
        "{:?}",
        refused.headers
    );
    api.request("BREW", "/projects")
        .await
        .problem(405, "method_not_allowed");
    api.put("/projects/web")
        .await
        .problem(405, "method_not_allowed");
}

#[tokio::test]
async fn references_to_nothing_are_refused_clearly() {
    let server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    let unknown = "019380a0-7b3c-7c41-a3f2-2a1b3c4d5e6f";
    for (field, value) in [
        ("project", json!("nowhere")),
        ("project", json!(unknown)),
        ("team", json!(unknown)),
        ("parent", json!("WEB-99")),
        ("parent", json!(unknown)),
        ("assignees", json!(["nobody"])),
        ("depends_on", json!([unknown])),
    ] {
        let mut new = json!({ "kind": "task", "title": "T", "project": "web" });
        new[field] = value;
        let refused = api.post("/items", new).await;
        assert!(
            [404, 409, 422].contains(&refused.status),
            "{field}: {}",
            refused.text()
        );
        let problem = refused.expect(refused.status);
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|detail| detail.len() > 10),
            "{problem}"
        );
    }
    for wrong in ["No Slug", "", "🚀"] {
        let new = json!({ "kind": "task", "title": "T", "project": wrong });
        api.post("/items", new).await.wrong_field("/project");
    }
}

#[tokio::test]
async fn odd_headers_are_refused_and_break_nothing() {
    let server = Server::spawn();
    let api = server.api();
    let new = || api.post("/projects", json!({ "name": "Web" }));
    for key in ["", &"k".repeat(10_000)] {
        let refused = new().key(key).await;
        assert!(
            [201, 400, 422, 431].contains(&refused.status),
            "{}",
            refused.text()
        );
    }
    new().header("x-request-id", "a".repeat(5_000)).await;
    new().header("accept", "text/html").await;
    new().header("accept-encoding", "nonsense;q=7, br").await;
    assert!(api.get("/projects").await.status == 200);
}
