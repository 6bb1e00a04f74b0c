//! The database agent: a copy in SQLite and in PostgreSQL.

mod anew;
mod copying;
mod faults;
mod queries;
mod refusals;

use serde_json::{Value, json};
use tests::{Api, api::id};

/// One of everything that can happen, deletions and what they hide included.
async fn everything(api: &Api) {
    let project = api.project("Ünïcode 🦀").await;
    let team = api.team(&project, "Makers").await;
    let ada = api.member("Ada Copy").await;
    let agent =
        json!({ "name": "Robot", "kind": "agent", "agent": { "instructions": "Be kind." } });
    let robot = api.create("/members", agent).await;
    for member in [&ada, &robot] {
        let path = format!(
            "/projects/{}/teams/{}/members/{}",
            id(&project),
            id(&team),
            id(member)
        );
        api.put(&path).await;
    }
    let make = async |kind: &str, title: &str, parent: &Value| {
        let item =
            json!({ "kind": kind, "title": title, "project": project["id"], "parent": parent });
        api.create("/items", item).await
    };
    let epic = make("epic", "All of it", &Value::Null).await;
    let feature = make("feature", "Some of it", &epic["id"]).await;
    let first = make("task", "Begin", &feature["id"]).await;
    let second = make("task", "Go on", &feature["id"]).await;
    let patch = json!({
        "description": "A **quote** ' and a \" and a \\ and\nlines",
        "labels": ["one", "two"], "assignees": [ada["id"], robot["id"]], "depends_on": [first["id"]],
        "acceptance": [{ "text": "It holds", "done": true }], "estimate": 2.5, "due": "2027-02-28", "priority": "high",
    });
    let path = format!("/items/{}", id(&second));
    api.patch(&path, patch).if_match(1).await.expect(200);
    api.patch(&path, json!({ "title": "Go on and on" }))
        .await
        .expect(200);
    let said = json!({ "body": "Well said" });
    let comment = api.create(&format!("{path}/comments"), said.clone()).await;
    api.create(&format!("{path}/comments"), said).await;
    api.delete(&format!("{path}/comments/{}", id(&comment)))
        .await
        .expect(204);
    api.post(
        &format!("{path}/move"),
        json!({ "status": "done", "team": team["id"] }),
    )
    .await
    .expect(200);
    api.patch("/organization", json!({ "name": "Copied" }))
        .await
        .expect(200);
    // The feature hides its tasks; the project hides the whole, and comes back as it was.
    api.delete(&format!("/items/{}", id(&feature)))
        .await
        .expect(204);
    api.delete(&format!("/projects/{}", id(&project)))
        .await
        .expect(204);
    api.post(&format!("/projects/{}/restore", id(&project)), json!({}))
        .await
        .expect(200);
    api.delete(&format!("/members/{}", id(&robot)))
        .await
        .expect(204);
    let gone = api.project("Gone").await;
    api.task(&gone, "Hidden").await;
    api.delete(&format!("/projects/{}", id(&gone)))
        .await
        .expect(204);
}
