//! What somebody has begun to write is lost by no key, and by no refusal.

use serde_json::json;
use tests::{Browser, api::id};
use thirtyfour::Key;

use super::{empty, key, open, press, press_with, served};

async fn has_value(browser: &Browser, css: &str, text: &str) {
    let script = format!("return (document.querySelector('{css}') || {{}}).value === '{text}'");
    browser.until(&format!("{text:?} in {css}"), &script).await;
}

const IS_CLOSED: &str =
    "return !document.querySelector('.drawer') && !document.querySelector('.dialog')";

#[tokio::test]
async fn a_comment_is_still_there_after_esc_and_gone_when_it_is_sent() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let task = api.task(&project, "Find words").await;
    let path = format!("/projects/website?item={}", task["key"].as_str().unwrap());
    let browser = open(&server, &path).await;
    let comment = "[aria-label=\"New comment\"]";
    browser.fill(comment, "Half a thought").await;
    press(&browser, Key::Escape).await;
    let is_left = "return document.activeElement.classList.contains('drawer')";
    browser.until("the focus in the drawer", is_left).await;
    has_value(&browser, comment, "Half a thought").await;
    press(&browser, Key::Escape).await;
    browser.until("no drawer", IS_CLOSED).await;

    browser.click(&super::card(&task)).await;
    browser.find(comment).await;
    has_value(&browser, comment, "Half a thought").await;
    browser.click(comment).await;
    browser.press(" and the other half").await;
    press_with(&browser, Key::Control, &key(Key::Enter)).await;
    browser.find_with_text(".comment", "Half a thought").await;
    has_value(&browser, comment, "").await;
    let comments = format!("/items/{}/comments", id(&task));
    served(&server, &comments, |comments| {
        !comments["items"][0].is_null()
    })
    .await;
}

#[tokio::test]
async fn a_description_is_taken_up_again_where_it_was_left_until_it_is_thrown_away() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let task = api.task(&project, "Find words").await;
    let browser = open(
        &server,
        &format!("/items/{}", task["key"].as_str().unwrap()),
    )
    .await;
    let text = "textarea[aria-label=Description]";
    browser.click_text("button", "Add a description").await;
    browser.fill(text, "Not finished").await;
    press(&browser, Key::Escape).await;
    browser.sees("What you have begun to write is kept.").await;
    browser.click_text("button", "Add a description").await;
    has_value(&browser, text, "Not finished").await;
    browser.click_text(".editor button", "Cancel").await;
    browser
        .sees_no_more("What you have begun to write is kept.")
        .await;
    browser.click_text("button", "Add a description").await;
    has_value(&browser, text, "").await;
}

#[tokio::test]
async fn a_new_item_is_still_there_after_esc_until_it_is_discarded() {
    let server = empty();
    server.api().project("Website").await;
    let browser = open(&server, "/projects/website").await;
    browser.press("c").await;
    browser.fill("#new-title", "Half a title").await;
    browser.click_text("[role=radio]", "Feature").await;
    press(&browser, Key::Escape).await;
    browser.until("no dialog", IS_CLOSED).await;
    browser.press("c").await;
    browser.find("#new-title").await;
    has_value(&browser, "#new-title", "Half a title").await;
    browser
        .find_with_text("[role=radio][aria-checked=true]", "Feature")
        .await;
    browser.click_text(".dialog button", "Discard").await;
    browser.until("no dialog", IS_CLOSED).await;
    browser.press("c").await;
    browser.find("#new-title").await;
    has_value(&browser, "#new-title", "").await;
}

#[tokio::test]
async fn a_project_that_is_refused_comes_back_with_all_that_was_typed_and_what_is_wrong_at_its_field()
 {
    let server = empty();
    let first = json!({ "name": "First", "key": "WEB" });
    server.api().create("/projects", first).await;
    let browser = open(&server, "/projects").await;
    browser.press("c").await;
    browser.fill("#project-name", "Second").await;
    browser.fill("#project-key", "WEB").await;
    browser.fill("#project-description", "A long text").await;
    browser.click_text(".dialog button", "Create project").await;
    browser
        .find_with_text("#project-key-hint .field-error", "WEB")
        .await;
    has_value(&browser, "#project-name", "Second").await;
    has_value(&browser, "#project-description", "A long text").await;
    browser.fill("#project-key", "WEBB").await;
    browser.click_text(".dialog button", "Create project").await;
    browser.until("no dialog", IS_CLOSED).await;
    let has_both = |projects: &serde_json::Value| {
        let projects = projects["items"].as_array();
        projects.is_some_and(|projects| {
            projects
                .iter()
                .any(|one| one["key"] == "WEBB" && one["description"] == "A long text")
        })
    };
    served(&server, "/projects", has_both).await;
    browser.press("c").await;
    browser.find("#project-name").await;
    has_value(&browser, "#project-name", "").await;
}
