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

#[tokio::test]
async fn keys_that_come_faster_than_a_list_is_drawn_are_all_taken() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let mut tasks = Vec::new();
    for n in 1..=80 {
        tasks.push(api.task(&project, &format!("Task {n}")).await);
    }
    let browser = open(&server, "/projects/website").await;
    for (path, drawn) in [
        ("/projects/website", ".card"),
        ("/projects/website?tab=backlog", ".tree-row"),
    ] {
        browser.goto(path).await;
        browser.find(drawn).await;
        for (key, times, at) in [("j", 70, 69), ("k", 30, 39)] {
            let press = format!(
                "for (let n = 0; n < {times}; n++) document.activeElement.dispatchEvent(\
                   new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true, cancelable: true }}))"
            );
            browser.eval(&press).await;
            let is_there = format!(
                "return document.activeElement.id.endsWith('{}')",
                id(&tasks[at])
            );
            browser.until("the focus as far on", &is_there).await;
        }
    }
}

#[tokio::test]
async fn members_are_filtered_by_name_and_title_and_the_filter_outlasts_a_reload() {
    let server = empty();
    let api = server.api();
    for (name, title) in [
        ("Ada Byron", "Engineer"),
        ("Élise Noir", "Designer"),
        ("Grace", "Admiral"),
    ] {
        let member = json!({ "name": name, "title": title, "kind": "human" });
        api.post("/members", member).await.expect(201);
    }
    let browser = open(&server, "/members").await;
    browser.find_with_text(".member-card", "Grace").await;
    let shown = |names: &str| {
        format!(
            "return [...document.querySelectorAll('.member-card h3')].map(h => h.innerText.trim()).join() === '{names}'"
        )
    };
    let field = ".search-field input";
    browser.fill(field, "éL").await;
    browser
        .until("who has the name", &shown("Élise Noir"))
        .await;
    browser.fill(field, "engin").await;
    browser
        .until("who has the title", &shown("Ada Byron"))
        .await;
    browser.reload().await;
    browser.find(".member-card").await;
    browser.until("as before", &shown("Ada Byron")).await;
    browser.fill(field, "nobody of this name").await;
    browser
        .find_with_text(".page-body", "Nobody here fits the filter.")
        .await;
}
