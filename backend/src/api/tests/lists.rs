use serde_json::json;

use super::Server;

async fn keys(server: &Server, query: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut page = String::new();
    loop {
        let answered = server.get(&format!("/items?{query}{page}")).await;
        assert_eq!(answered.status, 200, "{}", answered.json);
        keys.extend(answered.listed("key").into_iter().map(str::to_owned));
        match answered.json["next"].as_str() {
            Some(next) => page = format!("&page={next}"),
            None => return keys,
        }
    }
}

async fn filled() -> Server {
    let server = Server::start().await;
    server
        .make("/projects", json!({ "name": "Web", "key": "WEB" }))
        .await;
    server
        .make("/projects", json!({ "name": "App", "key": "APP" }))
        .await;
    server
        .make("/members", json!({ "name": "Ada", "kind": "human" }))
        .await;
    server
        .make("/projects/web/teams", json!({ "name": "Frontend" }))
        .await;
    server.put("/projects/web/teams/frontend/members/ada").await;
    for body in [
        json!({ "kind": "epic", "project": "web", "title": "Launch" }),
        json!({ "kind": "feature", "project": "web", "title": "Checkout", "parent": "WEB-1" }),
        json!({ "kind": "task", "project": "web", "title": "Pay by CARD", "parent": "WEB-2", "labels": ["money"] }),
        json!({ "kind": "task", "project": "web", "title": "Colours", "team": "frontend", "assignees": ["ada"], "status": "todo" }),
        json!({ "kind": "task", "project": "app", "title": "Icon", "description": "A small card." }),
        json!({ "kind": "task", "title": "Hire" }),
    ] {
        server.make("/items", body).await;
    }
    server
}

#[actix_web::test]
async fn items_are_found_by_every_filter() {
    let server = filled().await;
    for (query, expected) in [
        (
            "",
            &["ORG-1", "WEB-1", "WEB-2", "WEB-3", "WEB-4", "APP-1"] as &[&str],
        ),
        ("project=web", &["WEB-1", "WEB-2", "WEB-3", "WEB-4"]),
        ("project=", &["ORG-1"]),
        ("project=web&team=frontend", &["WEB-4"]),
        ("project=web&team=", &["WEB-1", "WEB-2", "WEB-3"]),
        ("kind=epic", &["WEB-1"]),
        ("status=todo", &["WEB-4"]),
        ("assignee=ada", &["WEB-4"]),
        ("project=web&assignee=", &["WEB-1", "WEB-2", "WEB-3"]),
        ("label=money", &["WEB-3"]),
        ("parent=WEB-1", &["WEB-2"]),
        ("project=web&parent=", &["WEB-1", "WEB-4"]),
        ("q=card", &["WEB-3", "APP-1"]),
        ("q=web-2", &["WEB-2"]),
        ("q=nothing%20like%20it", &[]),
        (
            "sort=key",
            &["APP-1", "ORG-1", "WEB-1", "WEB-2", "WEB-3", "WEB-4"],
        ),
        (
            "sort=updated_at&project=web",
            &["WEB-4", "WEB-3", "WEB-2", "WEB-1"],
        ),
    ] {
        assert_eq!(keys(&server, query).await, expected, "{query}");
        assert_eq!(
            keys(&server, format!("{query}&limit=1").trim_start_matches('&')).await,
            expected,
            "{query}"
        );
    }
}

#[actix_web::test]
async fn pages_neither_repeat_nor_skip_what_stays_when_others_come_and_go() {
    let server = filled().await;
    let first = server.get("/items?project=web&limit=2").await;
    assert_eq!(first.listed("key"), ["WEB-1", "WEB-2"]);
    // One is moved to the front and the last of the page is deleted.
    assert_eq!(
        server
            .post("/items/WEB-4/move", json!({ "before": "WEB-1" }))
            .await
            .status,
        200
    );
    let new = server.task("web", "New").await;
    assert_eq!(server.delete("/items/WEB-2").await.status, 204);
    let page = first.text("next");
    let second = server
        .get(&format!("/items?project=web&limit=9&page={page}"))
        .await;
    // WEB-3 was hidden with its parent.
    assert_eq!(second.listed("key"), [new.as_str()]);
}

#[actix_web::test]
async fn a_page_of_another_list_is_refused() {
    let server = filled().await;
    let page = server.get("/items?limit=1").await.text("next");
    for path in ["/items?sort=key&page=", "/projects?page="] {
        let answered = server.get(&format!("{path}{page}")).await;
        assert_eq!(answered.problem(), (422, "validation"), "{path}");
        assert_eq!(answered.wrong_fields(), [("page", "invalid_value")]);
    }
}

#[actix_web::test]
async fn projects_come_in_pages() {
    let server = Server::start().await;
    for name in ["A", "B", "C"] {
        server.make("/projects", json!({ "name": name })).await;
    }
    let first = server.get("/projects?limit=2").await;
    assert_eq!(first.listed("name"), ["A", "B"]);
    let second = server
        .get(&format!("/projects?limit=2&page={}", first.text("next")))
        .await;
    assert_eq!(second.listed("name"), ["C"]);
    assert_eq!(second.json["next"], json!(null));
}
