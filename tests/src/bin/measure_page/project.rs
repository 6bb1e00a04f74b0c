//! A large project.

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tests::{Api, api::id};

/// Requests under way at once.
const AT_ONCE: usize = 64;

const STATUSES: [&str; 5] = ["backlog", "todo", "in_progress", "in_review", "done"];

/// A project named "Large" with so many tasks in 20 epics of ten features each; the ids of its tasks.
pub async fn make(api: &Api, tasks: usize) -> Vec<String> {
    let project = api.project("Large").await;
    let project = id(&project).to_owned();
    let epics = many(api, 20, |n| item("epic", &project, n, None)).await;
    let under = |all: &[String], n: usize| Some(all[n % all.len()].clone());
    let features = many(api, 200, |n| item("feature", &project, n, under(&epics, n))).await;
    many(api, tasks, |n| {
        let mut task = item("task", &project, n, under(&features, n));
        task["status"] = json!(STATUSES[n % STATUSES.len()]);
        task["labels"] = json!([format!("label {}", n % 12)]);
        task["estimate"] = json!(n % 8);
        task["due"] = json!(format!("2030-{:02}-{:02}", n % 12 + 1, n % 28 + 1));
        task
    })
    .await
}

fn item(kind: &str, project: &str, n: usize, parent: Option<String>) -> Value {
    let title = format!("{kind} {n}: words as a person would write them");
    json!({ "kind": kind, "title": title, "project": project, "parent": parent })
}

async fn many(api: &Api, count: usize, body: impl Fn(usize) -> Value) -> Vec<String> {
    stream::iter(0..count)
        .map(|n| {
            let body = body(n);
            async move { id(&api.create("/items", body).await).to_owned() }
        })
        .buffered(AT_ONCE)
        .collect()
        .await
}
