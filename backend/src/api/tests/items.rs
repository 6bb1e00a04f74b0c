use serde_json::json;

use super::Server;

async fn with_project() -> Server {
    let server = Server::start().await;
    server
        .make("/projects", json!({ "name": "Web", "key": "WEB" }))
        .await;
    server
}

#[actix_web::test]
async fn an_item_has_all_that_it_was_made_with() {
    let server = with_project().await;
    server
        .make("/members", json!({ "name": "Ada", "kind": "human" }))
        .await;
    let body = json!({
        "kind": "task", "project": "web", "title": "Set the type", "description": "<b>bold</b>", "priority": "high",
        "status": "todo", "assignees": ["ada"], "labels": ["ui", "bug"], "estimate": 2.5, "due": "2026-12-24",
        "acceptance": [{ "text": "Readable" }],
    });
    let made = server.make("/items", body).await;
    assert_eq!(made.text("key"), "WEB-1");
    assert_eq!(
        made.header("location"),
        format!("/api/v1/items/{}", made.text("id"))
    );
    assert_eq!(made.json["labels"], json!(["bug", "ui"]));
    assert_eq!(made.json["estimate"], 2.5);
    assert_eq!(
        made.json["acceptance"],
        json!([{ "text": "Readable", "done": false }])
    );
    assert_eq!(made.json["description"], "<b>bold</b>");
    assert!(made.json.get("rollup").is_none());
    assert_eq!(server.get("/items/WEB-1").await.json, made.json);
    let listed = &server.get("/items").await.json["items"][0];
    assert!(listed.get("description").is_none() && listed.get("acceptance").is_none());
    assert_eq!(
        server.get("/members/ada").await.json["rollup"]["estimate_total"],
        250
    );
}

#[actix_web::test]
async fn a_list_is_patched_only_by_one_who_names_the_version() {
    let server = with_project().await;
    let key = server.task("web", "A").await;
    let path = format!("/items/{key}");
    for body in [
        json!({ "labels": ["a"] }),
        json!({ "assignees": [] }),
        json!({ "depends_on": [] }),
        json!({ "acceptance": [] }),
    ] {
        assert_eq!(
            server.patch(&path, body).await.problem(),
            (428, "precondition_required")
        );
    }
    assert_eq!(
        server.patch(&path, json!({ "title": "B" })).await.status,
        200
    );
    let named = actix_web::test::TestRequest::patch().insert_header(("if-match", "\"2\""));
    let patched = server
        .send(named.set_json(json!({ "labels": ["a"] })), &path)
        .await;
    assert_eq!(
        (patched.status, &patched.json["labels"]),
        (200, &json!(["a"]))
    );
}

#[actix_web::test]
async fn entries_of_lists_are_put_in_and_taken_out_one_by_one() {
    let server = with_project().await;
    server
        .make("/members", json!({ "name": "Ada", "kind": "human" }))
        .await;
    let body = json!({ "kind": "task", "project": "web", "title": "A", "acceptance": [{ "text": "x" }, { "text": "y" }] });
    server.make("/items", body).await;
    assert_eq!(
        server.put("/items/WEB-1/assignees/ada").await.json["assignees"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        server.delete("/items/WEB-1/assignees/ada").await.status,
        204
    );
    assert_eq!(
        server.put("/items/WEB-1/labels/a%2Fb%20c").await.json["labels"],
        json!(["a/b c"])
    );
    assert_eq!(
        server.delete("/items/WEB-1/labels/a%2Fb%20c").await.status,
        204
    );
    assert_eq!(
        server
            .put(&format!("/items/WEB-1/labels/{}", "x".repeat(41)))
            .await
            .problem(),
        (422, "validation")
    );
    let tick = actix_web::test::TestRequest::put().set_json(json!({ "done": true }));
    let ticked = server.send(tick, "/items/WEB-1/acceptance/1").await;
    assert_eq!(ticked.json["acceptance"][1]["done"], true);
    for n in ["2", "-1", "one"] {
        let tick = actix_web::test::TestRequest::put().set_json(json!({ "done": true }));
        assert_eq!(
            server
                .send(tick, &format!("/items/WEB-1/acceptance/{n}"))
                .await
                .problem(),
            (404, "not_found"),
            "{n}"
        );
    }
}

#[actix_web::test]
async fn the_rules_of_the_domain_are_answered_with_409() {
    let server = with_project().await;
    server.make("/projects", json!({ "name": "Other" })).await;
    server
        .make("/projects/other/teams", json!({ "name": "Theirs" }))
        .await;
    server
        .make(
            "/items",
            json!({ "kind": "epic", "project": "web", "title": "E" }),
        )
        .await;
    server
        .make(
            "/items",
            json!({ "kind": "feature", "project": "web", "title": "F", "parent": "WEB-1" }),
        )
        .await;
    server
        .make(
            "/items",
            json!({ "kind": "task", "project": "web", "title": "T", "parent": "WEB-2" }),
        )
        .await;
    for (path, body, code) in [
        (
            "/items/WEB-2/move",
            json!({ "parent": "WEB-3" }),
            "invalid_parent",
        ),
        (
            "/items/WEB-1/move",
            json!({ "parent": "WEB-2" }),
            "invalid_parent",
        ),
        (
            "/items",
            json!({ "kind": "task", "project": "web", "title": "X", "parent": "WEB-1" }),
            "invalid_parent",
        ),
    ] {
        assert_eq!(
            server.post(path, body).await.problem(),
            (409, code),
            "{path}"
        );
    }
    assert_eq!(
        server
            .patch("/items/WEB-1", json!({ "status": "closed" }))
            .await
            .problem(),
        (409, "open_work")
    );
    let dependent = |on: &str| {
        actix_web::test::TestRequest::patch()
            .insert_header(("if-match", "*"))
            .set_json(json!({ "depends_on": [on] }))
    };
    let second = server.task("web", "Second").await;
    assert_eq!(
        server
            .send(dependent("WEB-3"), &format!("/items/{second}"))
            .await
            .status,
        200
    );
    let circle = server.send(dependent(&second), "/items/WEB-3").await;
    assert_eq!(circle.problem(), (409, "dependency_cycle"));
}

#[actix_web::test]
async fn a_deleted_item_hides_what_is_under_it_until_it_is_restored() {
    let server = with_project().await;
    server
        .make(
            "/items",
            json!({ "kind": "epic", "project": "web", "title": "E" }),
        )
        .await;
    server
        .make(
            "/items",
            json!({ "kind": "feature", "project": "web", "title": "F", "parent": "WEB-1" }),
        )
        .await;
    assert_eq!(server.delete("/items/WEB-1").await.status, 204);
    assert_eq!(server.get("/items/WEB-2").await.status, 404);
    assert_eq!(
        server.get("/items?project=web").await.listed("key"),
        Vec::<&str>::new()
    );
    assert_eq!(
        server.post("/items/WEB-1/restore", json!({})).await.status,
        200
    );
    assert_eq!(server.get("/items/WEB-2").await.status, 200);
    assert_eq!(
        server
            .post("/items/WEB-1/restore", json!({}))
            .await
            .problem(),
        (409, "not_deleted")
    );
    let with_slug = server
        .post("/items/WEB-1/restore", json!({ "slug": "e" }))
        .await;
    assert_eq!(with_slug.wrong_fields(), [("/slug", "unknown_field")]);
}
