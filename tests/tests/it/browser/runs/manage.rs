//! Looking after AI members: profiles, budgets, the switch.

use serde_json::json;
use tests::api::id;

use super::{
    super::{open, served},
    page_of, working,
};
use crate::agents::{agent, run_in, task};

#[tokio::test]
async fn a_profile_is_edited_and_nonsense_is_refused_at_its_field() {
    let server = working("100000");
    let api = server.api();
    let scout = agent(&api, "Scout", json!({ "instructions": "Be short." })).await;
    let browser = open(&server, "/members/scout?tab=profile").await;
    browser.find_with_text(".markdown", "Be short.").await;
    let suggested = "return !!document.querySelector('#profile-providers option[value=scripted]')";
    browser.until("the server's providers", suggested).await;
    browser.fill("#profile-model", "small-1").await;
    browser.fill("#profile-temperature", "3").await;
    browser.fill("#profile-turns", "500").await;
    browser.click_text("button", "Save profile").await;
    browser
        .find_with_text(".field-error", "must be 1 to 200")
        .await;
    browser.fill("#profile-turns", "12").await;
    browser.click_text("button", "Save profile").await;
    browser
        .find_with_text(".field-error", "must be 0 to 2")
        .await;
    browser.fill("#profile-temperature", "0.4").await;
    browser.fill("#profile-cost", "1.50").await;
    let switch = browser.find("[aria-label^='create_task']").await;
    switch.send_keys("Forbidden").await.unwrap();
    browser.click_text("button", "Save profile").await;
    let is_saved = |member: &serde_json::Value| {
        let agent = &member["agent"];
        agent["model"] == "small-1"
            && agent["temperature"] == json!(0.4)
            && agent["limits"]["turns"] == 12
            && agent["limits"]["cost"] == 1_500_000
            && agent["tools"]["create_task"] == "forbidden"
            && agent["instructions"] == "Be short."
    };
    served(&server, &format!("/members/{}", id(&scout)), is_saved).await;
}

#[tokio::test]
async fn a_profile_is_tried_out_with_a_task_that_begins_at_once() {
    let server = working("100000");
    let api = server.api();
    agent(&api, "Scout", json!({ "auto_start": false })).await;
    let browser = open(&server, "/members/scout?tab=profile").await;
    browser.click_text("button", "Give it this task").await;
    browser
        .find_with_text(".field-error", "must not be empty")
        .await;
    browser.fill("#try-out", "Say what you can do").await;
    browser.click_text("button", "Give it this task").await;
    browser
        .find_with_text(".item-title", "Say what you can do")
        .await;
    browser.find_with_text(".run-now", "Has handed in").await;
    browser
        .click_text("[aria-label=Review] button", "Accept")
        .await;
    browser.find_with_text("[data-field=Status]", "Done").await;
}

#[tokio::test]
async fn all_ai_members_are_stopped_and_let_work_again_and_a_waiting_run_says_why() {
    let server = working("2");
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["running"]).await;
    let watcher = open(&server, &page_of(&run)).await;
    let admin = open(&server, "/account?tab=agents").await;
    admin.click_text("button", "Stop all AI members").await;
    watcher
        .find_with_text(".run-waits", "all AI members are stopped")
        .await;
    let dashboard = open(&server, "/dashboard").await;
    dashboard
        .find_with_text(".notice", "All AI members are stopped")
        .await;
    admin.click_text("button", "Let AI members work").await;
    watcher.find(&super::state("running")).await;
    dashboard.sees_no_more("All AI members are stopped").await;
}

#[tokio::test]
async fn a_budget_is_set_shown_and_holds() {
    let server = working("100000");
    let api = server.api();
    let project = api.project("Website").await;
    let scout = agent(&api, "Scout", json!({})).await;
    let browser = open(&server, "/projects/website?tab=about").await;
    browser
        .click_text("[aria-label=Budget] button", "Set a budget")
        .await;
    browser.fill("#budget-day", "much").await;
    browser.click_text("button", "Set the budget").await;
    browser
        .find_with_text(".field-error", "amount in dollars")
        .await;
    browser.fill("#budget-day", "0").await;
    browser.click_text("button", "Set the budget").await;
    browser
        .find_with_text("[aria-label=Budget] .run-state", "Used up")
        .await;
    let new = json!({
        "kind": "task", "title": "Sign in", "status": "todo", "project": id(&project), "assignees": [id(&scout)],
    });
    let task = api.create("/items", new).await;
    let run = run_in(&api, &task, &["queued"]).await;
    browser.goto(&page_of(&run)).await;
    browser
        .find_with_text(".run-waits", "a budget is used up")
        .await;
    browser.goto("/account?tab=agents").await;
    browser
        .find_with_text("[aria-label='All budgets'] li", "Project Website")
        .await;
}
