use serde_json::{Value, json};
use tests::{Api, Server, api::id};

use super::fields;

/// An epic with a feature with a task, in a project.
async fn tree(api: &Api) -> (Value, Value, Value) {
    let epic = api
        .create(
            "/items",
            json!({ "kind": "epic", "title": "Epic", "project": "web" }),
        )
        .await;
    let feature =
        json!({ "kind": "feature", "title": "Feature", "project": "web", "parent": epic["id"] });
    let feature = api.create("/items", feature).await;
    let task = json!({ "kind": "task", "title": "Task", "project": "web", "parent": feature["key"], "estimate": 2.5 });
    let task = api.create("/items", task).await;
    (epic, feature, task)
}

#[tokio::test]
async fn a_task_has_every_field_and_answers_references_as_ids() {
    let server = Server::spawn();
    let api = server.api();
    let project = api
        .create("/projects", json!({ "name": "Web", "key": "WEB" }))
        .await;
    let ada = api.member("Ada").await;
    let first = api.task(&project, "First").await;
    assert_eq!(first["key"], "WEB-1");
    let task = json!({
        "kind": "task", "title": "Sign in", "project": "web", "description": "With a *key*", "status": "in_progress",
        "priority": "urgent", "assignees": ["ada"], "labels": ["auth", "a b"], "estimate": 0.25, "due": "2026-12-01",
        "depends_on": ["WEB-1"], "acceptance": [{ "text": "It works", "done": false }],
    });
    let answer = api.post("/items", task).await;
    let made = answer.expect(201);
    let all = [
        "acceptance",
        "assignees",
        "comments",
        "created_at",
        "depends_on",
        "description",
        "due",
        "estimate",
        "id",
        "key",
        "kind",
        "labels",
        "parent",
        "priority",
        "project",
        "rank",
        "status",
        "team",
        "title",
        "updated_at",
        "version",
    ];
    assert!(
        all.iter().all(|field| fields(&made).contains(field)),
        "{made}"
    );
    assert_eq!(made["key"], "WEB-2");
    assert_eq!(
        (&made["project"], &made["assignees"]),
        (&project["id"], &json!([ada["id"]]))
    );
    assert_eq!(
        (&made["depends_on"], &made["estimate"]),
        (&json!([first["id"]]), &json!(0.25))
    );
    assert_eq!(
        (&made["due"], &made["comments"]),
        (&json!("2026-12-01"), &json!(0))
    );
    let mut labels: Vec<&str> = made["labels"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    labels.sort_unstable();
    assert_eq!(labels, ["a b", "auth"]);
    for name in ["WEB-2", id(&made)] {
        assert_eq!(api.get(&format!("/items/{name}")).await.expect(200), made);
    }
    let plain = api
        .create("/items", json!({ "kind": "task", "title": "Plain" }))
        .await;
    assert_eq!(
        (&plain["key"], &plain["status"], &plain["priority"]),
        (&json!("ORG-1"), &json!("backlog"), &json!("none"))
    );
    assert_eq!(
        api.create("/items", json!({ "kind": "epic", "title": "Plain" }))
            .await["status"],
        "open"
    );
}

#[tokio::test]
async fn an_item_is_patched_deleted_and_restored_with_what_is_under_it() {
    let server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    let (epic, feature, task) = tree(&api).await;
    let path = format!("/items/{}", id(&task));
    let patch = json!({ "title": "Better", "due": "2027-01-31", "estimate": 3, "priority": "high", "description": "Text" });
    let changed = api.patch(&path, patch).await.expect(200);
    assert_eq!(
        (&changed["title"], &changed["due"], &changed["version"]),
        (&json!("Better"), &json!("2027-01-31"), &json!(2))
    );
    assert_eq!(changed["estimate"].as_f64(), Some(3.0));
    let cleared = api
        .patch(&path, json!({ "due": null, "estimate": null }))
        .await
        .expect(200);
    assert_eq!(
        (&cleared["due"], &cleared["estimate"]),
        (&json!(null), &json!(null))
    );
    let emptied =
        json!({ "description": null, "priority": null, "labels": null, "acceptance": null });
    let emptied = api.patch(&path, emptied).if_match(3).await.expect(200);
    assert_eq!(
        (&emptied["description"], &emptied["priority"]),
        (&json!(""), &json!("none"))
    );
    let bare = json!({ "kind": "task", "title": "Bare", "project": "web", "parent": null, "description": null,
        "priority": null, "labels": null, "assignees": null, "depends_on": null, "acceptance": null, "due": null });
    api.post("/items", bare).await.expect(201);
    api.patch(&path, json!({ "title": null }))
        .await
        .wrong_field("/title");
    api.delete(&format!("/items/{}", id(&epic)))
        .await
        .expect(204);
    for under in [&epic, &feature, &task] {
        api.get(&format!("/items/{}", id(under)))
            .await
            .problem(404, "not_found");
    }
    let restored = api
        .post(&format!("/items/{}/restore", id(&epic)), json!({}))
        .await;
    assert!(restored.status < 300, "{}", restored.text());
    for under in [&epic, &feature, &task] {
        api.get(&format!("/items/{}", id(under))).await.expect(200);
    }
}

#[tokio::test]
async fn epics_and_features_roll_up_their_tasks() {
    let server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    let (epic, feature, task) = tree(&api).await;
    api.patch(
        &format!("/items/{}", id(&task)),
        json!({ "status": "done" }),
    )
    .await
    .expect(200);
    for above in [&epic, &feature] {
        let rollup = api.get(&format!("/items/{}", id(above))).await.expect(200)["rollup"].clone();
        assert_eq!(rollup["tasks"]["done"], 1, "{rollup}");
        assert_eq!(
            (&rollup["estimate_done"], &rollup["estimate_total"]),
            (&json!(250), &json!(250))
        );
    }
    assert_eq!(
        api.get("/projects/web").await.expect(200)["rollup"]["tasks"]["done"],
        1
    );
}

#[tokio::test]
async fn nothing_is_closed_over_open_work() {
    let server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    let (epic, feature, task) = tree(&api).await;
    let close = json!({ "status": "closed" });
    let problem = api
        .patch(&format!("/items/{}", id(&feature)), close.clone())
        .await
        .problem(409, "open_work");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains(task["key"].as_str().unwrap()),
        "{problem}"
    );
    api.patch(
        &format!("/items/{}", id(&task)),
        json!({ "status": "cancelled" }),
    )
    .await
    .expect(200);
    api.patch(&format!("/items/{}", id(&epic)), close.clone())
        .await
        .problem(409, "open_work");
    api.patch(&format!("/items/{}", id(&feature)), close.clone())
        .await
        .expect(200);
    api.patch(&format!("/items/{}", id(&epic)), close)
        .await
        .expect(200);
    let wrong = api
        .patch(
            &format!("/items/{}", id(&task)),
            json!({ "status": "closed" }),
        )
        .await;
    assert!([409, 422].contains(&wrong.status), "{}", wrong.text());
    let wrong = api
        .post(
            "/items",
            json!({ "kind": "epic", "title": "E", "status": "done" }),
        )
        .await;
    assert!([409, 422].contains(&wrong.status), "{}", wrong.text());
}

#[tokio::test]
async fn a_parent_is_of_the_kind_above_and_in_the_same_project() {
    let server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    api.project("App").await;
    let (epic, feature, task) = tree(&api).await;
    let child = |kind: &str, project: &str, parent: &Value| {
        api.post(
            "/items",
            json!({ "kind": kind, "title": "X", "project": project, "parent": parent["id"] }),
        )
    };
    child("task", "web", &epic)
        .await
        .problem(409, "invalid_parent");
    child("task", "web", &task)
        .await
        .problem(409, "invalid_parent");
    child("epic", "web", &epic)
        .await
        .problem(409, "invalid_parent");
    child("feature", "app", &epic)
        .await
        .problem(409, "invalid_parent");
    child("task", "web", &json!({ "id": "WEB-99" }))
        .await
        .expect_missing();
    // Under its own child.
    let own = api
        .post(
            &format!("/items/{}/move", id(&epic)),
            json!({ "parent": feature["id"] }),
        )
        .await;
    own.problem(409, "invalid_parent");
    let own = api
        .post(
            &format!("/items/{}/move", id(&feature)),
            json!({ "parent": feature["id"] }),
        )
        .await;
    own.problem(409, "invalid_parent");
}

#[tokio::test]
async fn dependencies_do_not_run_in_circles() {
    let server = Server::spawn();
    let api = server.api();
    let project = api.project("Web").await;
    let mut tasks = Vec::new();
    for n in 0..3 {
        tasks.push(api.task(&project, &format!("Task {n}")).await);
    }
    let depend = async |item: &Value, on: &Value| {
        let path = format!("/items/{}", id(item));
        let version = api.get(&path).await.expect(200)["version"]
            .as_u64()
            .unwrap();
        api.patch(&path, json!({ "depends_on": [on["id"]] }))
            .if_match(version)
            .await
    };
    depend(&tasks[0], &tasks[1]).await.expect(200);
    depend(&tasks[1], &tasks[2]).await.expect(200);
    depend(&tasks[2], &tasks[0])
        .await
        .problem(409, "dependency_cycle");
    depend(&tasks[0], &tasks[0])
        .await
        .problem(409, "dependency_cycle");
    depend(
        &tasks[2],
        &json!({ "id": "019380a0-7b3c-7c41-a3f2-2a1b3c4d5e6f" }),
    )
    .await
    .expect_missing();
}

#[tokio::test]
async fn a_team_of_another_project_is_refused() {
    let server = Server::spawn();
    let api = server.api();
    api.project("Web").await;
    let app = api.project("App").await;
    let team = api.team(&app, "Core").await;
    let task = json!({ "kind": "task", "title": "T", "project": "web", "team": team["id"] });
    api.post("/items", task).await.problem(409, "invalid_team");
    let task = json!({ "kind": "task", "title": "T", "team": team["id"] });
    let refused = api.post("/items", task).await;
    assert!([409, 422].contains(&refused.status), "{}", refused.text());
}

#[tokio::test]
async fn entries_of_lists_are_put_and_taken_one_by_one() {
    let server = Server::spawn();
    let api = server.api();
    api.member("Ada").await;
    let acceptance = json!([{ "text": "One" }, { "text": "Two", "done": true }]);
    let task = api
        .create(
            "/items",
            json!({ "kind": "task", "title": "T", "acceptance": acceptance }),
        )
        .await;
    assert_eq!(
        task["acceptance"][0],
        json!({ "text": "One", "done": false })
    );
    let path = format!("/items/{}", id(&task));
    assert_eq!(
        api.put(&format!("{path}/assignees/ada")).await.expect(200)["assignees"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    api.delete(&format!("{path}/assignees/ada"))
        .await
        .expect(204);
    assert_eq!(
        api.put(&format!("{path}/labels/a%20b")).await.expect(200)["labels"],
        json!(["a b"])
    );
    api.delete(&format!("{path}/labels/a%20b"))
        .await
        .expect(204);
    let done = api
        .request("PUT", &format!("{path}/acceptance/0"))
        .json(json!({ "done": true }))
        .await;
    assert_eq!(done.expect(200)["acceptance"][0]["done"], true);
    let none = api
        .request("PUT", &format!("{path}/acceptance/2"))
        .json(json!({ "done": true }))
        .await;
    assert!([404, 409, 422].contains(&none.status), "{}", none.text());
    let task = api.get(&path).await.expect(200);
    assert_eq!(
        (&task["assignees"], &task["labels"]),
        (&json!([]), &json!([]))
    );
}

trait ExpectMissing {
    /// Something that is referred to does not exist: 404 or 422, but a clear one.
    fn expect_missing(&self);
}

impl ExpectMissing for tests::Answer {
    #[track_caller]
    fn expect_missing(&self) {
        assert!([404, 409, 422].contains(&self.status), "{}", self.text());
    }
}
