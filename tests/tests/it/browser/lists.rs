//! Long lists: only what is seen is rendered.

use serde_json::{Value, json};
use tests::{Api, api::id};

use super::{empty, open};

const MANY: usize = 1_500;

async fn fill(api: &Api, project: &Value) {
    let tasks: Vec<String> = (0..MANY).map(|n| format!("Task {n}")).collect();
    for some in tasks.chunks(50) {
        let made = some.iter().map(|title| {
            let task = json!({ "kind": "task", "title": title, "project": id(project) });
            api.post("/items", task).send()
        });
        for answer in futures_util::future::join_all(made).await {
            answer.expect("the server answers").expect(201);
        }
    }
}

#[tokio::test]
async fn a_board_and_a_tree_of_many_tasks_render_only_what_is_seen_and_scroll_to_the_last() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    fill(&api, &project).await;
    let browser = open(&server, "/projects/website").await;
    browser
        .find_with_text("[data-status=backlog] .count", &MANY.to_string())
        .await;
    assert!(browser.count(".card").await < 60);
    let last = |item: &str| {
        format!(
            "const list = document.querySelector('.virtual'); list.scrollTop = list.scrollHeight; \
                 return [...document.querySelectorAll('{item}')].some(t => t.closest('[aria-posinset=\"{MANY}\"], li:last-child'))"
        )
    };
    browser.until("the last card", &last(".card")).await;
    assert!(browser.count(".card").await < 60);
    browser.goto("/projects/website?tab=backlog").await;
    browser.find(".tree-row").await;
    assert!(browser.count(".tree-row").await < 100);
}
