use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Server, api::id};

#[tokio::test]
async fn a_stale_version_is_refused_with_the_entity_as_it_is_now() {
    let server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    api.patch("/projects/web", json!({ "name": "Second" }))
        .if_match(1)
        .await
        .expect(200);
    let stale = api
        .patch("/projects/web", json!({ "name": "Third" }))
        .if_match(1)
        .await;
    let problem = stale.problem(412, "version_mismatch");
    assert_eq!(
        (&problem["current"]["name"], &problem["current"]["version"]),
        (&json!("Second"), &json!(2))
    );
    api.delete("/projects/web")
        .if_match(1)
        .await
        .problem(412, "version_mismatch");
    let task = api
        .create("/items", json!({ "kind": "task", "title": "T" }))
        .await;
    let path = format!("/items/{}/move", id(&task));
    api.post(&path, json!({ "status": "todo" }))
        .if_match(7)
        .await
        .problem(412, "version_mismatch");
    api.post(&path, json!({ "status": "todo" }))
        .header("if-match", "*")
        .await
        .expect(200);
    api.patch("/projects/web", json!({}))
        .header("if-match", "garbage")
        .await
        .problem(400, "malformed");
    // Any of several tags will do.
    api.patch("/projects/web", json!({ "name": "Fourth" }))
        .header("if-match", "\"1\", \"2\"")
        .await
        .expect(200);
}

#[tokio::test]
async fn without_a_version_the_last_write_wins_field_by_field() {
    let server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    let changes = [
        json!({ "name": "Renamed" }),
        json!({ "description": "Described" }),
        json!({ "archived": true }),
    ];
    join_all(
        changes
            .map(|change| api.patch("/projects/web", change))
            .map(std::future::IntoFuture::into_future),
    )
    .await;
    let project = api.get("/projects/web").await.expect(200);
    assert_eq!(
        (&project["name"], &project["description"]),
        (&json!("Renamed"), &json!("Described"))
    );
    assert_eq!(
        (&project["archived"], &project["version"]),
        (&json!(true), &json!(4))
    );
}

#[tokio::test]
async fn a_list_is_patched_only_by_one_who_names_the_version() {
    let server = Server::spawn();
    let api = server.api();
    let task = api
        .create("/items", json!({ "kind": "task", "title": "T" }))
        .await;
    let path = format!("/items/{}", id(&task));
    for list in [
        json!({ "labels": ["a"] }),
        json!({ "assignees": [] }),
        json!({ "depends_on": [] }),
        json!({ "acceptance": [] }),
    ] {
        api.patch(&path, list.clone())
            .await
            .problem(428, "precondition_required");
        let version = api.get(&path).await.expect(200)["version"]
            .as_u64()
            .unwrap();
        api.patch(&path, list).if_match(version).await.expect(200);
    }
}

#[tokio::test]
async fn a_key_makes_a_request_happen_once() {
    let server = Server::spawn();
    let api = server.api();
    let new = json!({ "name": "Web" });
    let first = api.post("/projects", new.clone()).key("k-1").await;
    assert_eq!(first.header("idempotency-replayed"), "");
    let again = api.post("/projects", new.clone()).key("k-1").await;
    assert_eq!(again.expect(201), first.expect(201));
    assert_eq!(again.header("idempotency-replayed"), "true");
    for header in ["location", "etag", "devteam-cursor"] {
        assert_eq!(again.header(header), first.header(header), "{header}");
    }
    api.post("/projects", json!({ "name": "Other" }))
        .key("k-1")
        .await
        .problem(422, "idempotency_key_reused");
    let elsewhere = json!({ "name": "Web", "kind": "human" });
    api.post("/members", elsewhere)
        .key("k-1")
        .await
        .problem(422, "idempotency_key_reused");
    assert_eq!(
        api.get("/projects").await.expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // Of a change and a deletion too.
    let patch = json!({ "name": "Site" });
    api.patch("/projects/web", patch.clone())
        .key("k-2")
        .await
        .expect(200);
    api.patch("/projects/web", json!({ "name": "Home" }))
        .await
        .expect(200);
    assert_eq!(
        api.patch("/projects/web", patch)
            .key("k-2")
            .await
            .expect(200)["name"],
        "Site"
    );
    assert_eq!(api.get("/projects/web").await.expect(200)["name"], "Home");
    api.delete("/projects/web").key("k-3").await.expect(204);
    let again = api.delete("/projects/web").key("k-3").await;
    assert_eq!(
        (again.status, again.header("idempotency-replayed")),
        (204, "true")
    );
}

#[tokio::test]
async fn a_refusal_is_not_kept_under_its_key() {
    let server = Server::spawn();
    let api = server.api();
    let task = json!({ "kind": "task", "title": "T", "project": "web" });
    let refused = api.post("/items", task.clone()).key("k").await;
    assert!(refused.status >= 400, "{}", refused.text());
    api.project("Web").await;
    api.post("/items", task).key("k").await.expect(201);
}

#[tokio::test]
async fn a_hundred_requests_at_once_with_one_key_make_one_entity() {
    let server = Server::spawn();
    let api = server.api();
    let request = || api.post("/projects", json!({ "name": "Web" })).key("once");
    let answers = join_all((0..100).map(|_| request().into_future())).await;
    let made: Vec<Value> = answers.iter().map(|answer| answer.expect(201)).collect();
    assert!(made.iter().all(|project| project == &made[0]));
    assert_eq!(
        answers
            .iter()
            .filter(|answer| answer.header("idempotency-replayed") != "true")
            .count(),
        1
    );
    assert_eq!(
        api.get("/projects").await.expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_read_waits_for_the_position_it_is_given() {
    let server = Server::spawn();
    let api = server.api();
    let cursor = api
        .post("/projects", json!({ "name": "Web" }))
        .await
        .cursor();
    let read = api.get("/projects").header("devteam-cursor", &cursor).await;
    assert!(read.cursor().seq >= cursor.seq);
    // One event further: the read waits until it has happened.
    let next = format!("{}:{}", cursor.epoch, cursor.seq + 1);
    let (read, _) = tokio::join!(
        api.get("/projects").header("devteam-cursor", next),
        api.project("App")
    );
    assert_eq!(read.expect(200)["items"].as_array().unwrap().len(), 2);
    api.get("/projects")
        .header("devteam-cursor", "nonsense")
        .await
        .problem(400, "invalid_cursor");
}

#[tokio::test]
async fn every_request_has_an_id_that_its_event_and_its_problem_name() {
    let server = Server::spawn();
    let api = server.api();
    api.post("/projects", json!({ "name": "Web" }))
        .header("x-request-id", "mine-1")
        .await
        .expect(201);
    let activity = api.get("/activity").await.expect(200);
    assert_eq!(activity["items"][0]["cause"], "mine-1", "{activity}");
    let answer = api
        .get("/projects/nowhere")
        .header("x-request-id", "mine-2")
        .await;
    assert_eq!(answer.problem(404, "not_found")["request_id"], "mine-2");
    assert_eq!(answer.header("x-request-id"), "mine-2");
}

#[tokio::test]
async fn every_answer_carries_a_position() {
    let server = Server::spawn();
    let api = server.api();
    let made = api.post("/projects", json!({ "name": "Web" })).await;
    let tag = api.get("/projects/web").await.header("etag").to_owned();
    let answers = [
        api.get("/projects/web").await,
        api.get("/projects/web").header("if-none-match", tag).await,
        api.get("/projects").await,
        api.get("/activity").await,
        api.get("/account").await,
        api.get("/snapshot?topic=org").await,
        api.get("/events?topics=org").await,
        api.get("/openapi.json").await,
        api.get("/projects/nowhere").await,
        api.get("/nowhere").await,
        api.post("/projects", json!({})).await,
        api.post("/projects", json!({ "name": "X", "slug": "web" }))
            .await,
        api.delete("/projects/web").await,
    ];
    for answer in answers {
        assert_eq!(
            answer.cursor().epoch,
            made.cursor().epoch,
            "{}",
            answer.text()
        );
        assert!(answer.cursor().seq >= made.cursor().seq);
    }
}
