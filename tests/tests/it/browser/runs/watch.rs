//! Watching: cards, members, the dashboard, and the log as it is written.

use serde_json::json;
use tests::api::id;

use super::{
    super::{card, open},
    entries, page_of, state, working,
};
use crate::agents::{agent, run_in};

#[tokio::test]
async fn a_task_given_to_an_ai_member_is_seen_at_work_live_in_two_browsers_until_it_is_in_review() {
    let server = working("12");
    let api = server.api();
    let project = api.project("Website").await;
    let task = api.task(&project, "Write the front page").await;
    let scout = agent(&api, "Scout", json!({})).await;
    let board = open(&server, "/projects/website").await;
    let other = open(&server, "/dashboard").await;

    // A person gives it away, on the board.
    board
        .click(&format!("{} [aria-label^=Assignees]", card(&task)))
        .await;
    board.click_text(".menu-option", "Scout").await;
    super::super::press(&board, thirtyfour::Key::Escape).await;
    api.patch(
        &format!("/items/{}", id(&task)),
        json!({ "status": "todo" }),
    )
    .await
    .expect(200);
    board
        .find(&format!("{} .run-line.running", card(&task)))
        .await;
    let line = format!("{} .run-line", card(&task));
    other.find_with_text(".work-row", "Scout").await;
    other.find(".work-row .run-line.running").await;
    // What it does right now changes without anybody doing anything.
    let words = format!("return document.querySelector('{line}')?.innerText ?? ''");
    let first = board.eval(&words).await;
    board
        .until(
            "another line",
            &format!("return (document.querySelector('{line}')?.innerText ?? '') !== {first}"),
        )
        .await;
    board.find_with_text(&line, "Has handed in").await;
    other
        .find_with_text("[aria-label='Waiting for you'] .item-row", "Has handed in")
        .await;

    let run = run_in(&api, &task, &["awaiting_review"]).await;
    other
        .click_text("[aria-label='Waiting for you'] .item-row", "Has handed in")
        .await;
    other.find(&state("awaiting_review")).await;
    assert_eq!(other.path().await, page_of(&run));
    other
        .goto(&format!("/members/{}", scout["slug"].as_str().unwrap()))
        .await;
    other
        .find_with_text(".profile .run-line", "Has handed in")
        .await;
    other.click_text(".tab", "Runs").await;
    other
        .find_with_text(".run-row", "Write the front page")
        .await;
}

#[tokio::test]
async fn a_log_grows_without_a_reload_and_its_page_keeps_its_address() {
    let server = working("6");
    let api = server.api();
    let project = api.project("Website").await;
    let scout = agent(&api, "Scout", json!({})).await;
    let new = json!({
        "kind": "task", "title": "Write the front page", "status": "todo", "project": id(&project),
        "assignees": [id(&scout)], "acceptance": [{ "text": "It says what we do." }],
    });
    let task = api.create("/items", new).await;
    let run = run_in(&api, &task, &["running"]).await;
    let browser = open(
        &server,
        &format!("/projects/website?item={}", task["key"].as_str().unwrap()),
    )
    .await;
    browser.click(".drawer .run-now").await;
    browser.find(&state("running")).await;
    assert_eq!(browser.path().await, page_of(&run));
    browser
        .find_with_text(".log-aside", "Begun with scripted")
        .await;
    let before = entries(&browser).await;
    let more = format!(
        "return Number(document.querySelector('[aria-label=Log] .count')?.innerText ?? 0) > {}",
        before + 5
    );
    browser.until("more of the log", &more).await;
    browser
        .find_with_text(".log-fold summary", "post_comment")
        .await;
    browser
        .click_text(".log-fold summary", "post_comment")
        .await;
    browser
        .find_with_text(".log-fold[open] pre", "attempt 1")
        .await;

    browser.back().await;
    browser.find(".drawer").await;
    browser.forward().await;
    browser.find(&state("running")).await;
    browser.reload().await;
    browser.find(&state("awaiting_review")).await;
    browser
        .find_with_text(".run-result", "ready for a look")
        .await;
    browser.find_with_text(".change", "Commented").await;
    browser
        .find_with_text(".change", "Ticked: It says what we do.")
        .await;
    browser.find_with_text(".change ins", "in review").await;
    assert_eq!(
        entries(&browser).await as usize,
        crate::agents::log(&api, &run).await.len()
    );
}
