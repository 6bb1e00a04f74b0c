//! The item in its drawer, by keyboard: what was edited has the focus again, and Esc closes the drawer.

use serde_json::Value;
use tests::{Browser, Server};
use thirtyfour::Key;

use super::{card_in, choose, empty, key, open, press, press_with, served};

/// A board with a task in the drawer.
async fn drawer(server: &Server) -> (Value, Browser) {
    let api = server.api();
    let project = api.project("Website").await;
    let task = api.task(&project, "Find words").await;
    let path = format!("/projects/website?item={}", task["key"].as_str().unwrap());
    let browser = open(server, &path).await;
    browser.find(".drawer .item-title").await;
    (task, browser)
}

/// Waits until an element inside the drawer has the focus.
async fn is_at(browser: &Browser, css: &str) {
    let script = format!("return document.activeElement.matches('.drawer {css}')");
    browser.until(&format!("the focus at {css}"), &script).await;
}

#[tokio::test]
async fn the_focus_is_at_what_was_edited_and_esc_closes_the_drawer() {
    let server = empty();
    let (_, browser) = drawer(&server).await;
    for last in [Key::Enter, Key::Escape] {
        browser.click(".drawer .item-title").await;
        is_at(&browser, ".inline-input").await;
        browser.press("Better words").await;
        press(&browser, last).await;
        is_at(&browser, ".item-title").await;
    }

    browser
        .click_text(".drawer button", "Add a description")
        .await;
    browser
        .fill(".drawer textarea[aria-label=Description]", "Text")
        .await;
    press_with(&browser, Key::Control, &key(Key::Enter)).await;
    browser.find_with_text(".drawer .markdown", "Text").await;
    let is_edit = "return document.activeElement.textContent.includes('Edit description')";
    browser.until("the focus at the button", is_edit).await;

    choose(&browser, ".drawer [data-field=Status] button", "Todo").await;
    is_at(&browser, "[data-field=Status] button").await;
    browser.click(".drawer [data-field=Assignees] button").await;
    browser.find(".menu").await;
    press(&browser, Key::Escape).await;
    is_at(&browser, "[data-field=Assignees] button").await;
    press(&browser, Key::Escape).await;
    let is_closed = "return !document.querySelector('.drawer')";
    browser.until("no drawer", is_closed).await;
}

#[tokio::test]
async fn esc_closes_the_drawer_wherever_the_focus_is() {
    let server = empty();
    let (_, browser) = drawer(&server).await;
    browser.eval("document.activeElement.blur()").await;
    press(&browser, Key::Escape).await;
    let is_closed = "return !document.querySelector('.drawer')";
    browser.until("no drawer", is_closed).await;
}

#[tokio::test]
async fn the_board_behind_the_drawer_takes_no_keys() {
    let server = empty();
    let (task, browser) = drawer(&server).await;
    browser.press("j").await;
    press(&browser, Key::Down).await;
    press_with(&browser, Key::Shift, &key(Key::Right)).await;
    // What is in the drawer takes its own.
    browser.press("s").await;
    browser.find(".menu").await;
    assert_eq!(browser.count(&card_in(&task, "backlog")).await, 1);
    press(&browser, Key::Escape).await;
    let is_inside = "return document.querySelector('.drawer').contains(document.activeElement)";
    browser.until("the focus in the drawer", is_inside).await;
}

#[tokio::test]
async fn the_focus_goes_to_the_page_when_what_the_drawer_shows_is_deleted() {
    let server = empty();
    let (task, browser) = drawer(&server).await;
    press(&browser, Key::Escape).await;
    browser.click(&super::card(&task)).await;
    browser.click_text(".drawer button", "Delete task").await;
    let is_there = "return document.activeElement.id === 'content'";
    browser.until("the focus on the page", is_there).await;
}

#[tokio::test]
async fn letters_and_digits_choose_in_a_menu() {
    let server = empty();
    let (task, browser) = drawer(&server).await;
    let path = format!("/items/{}", tests::api::id(&task));
    let status = |status: &'static str| move |item: &Value| item["status"] == status;
    press(&browser, Key::Escape).await;
    browser.press("j").await;
    let at = |label: &str| {
        format!(
            "return (document.querySelector('.menu [data-active=true]') || {{}}).innerText?.startsWith('{label}')"
        )
    };
    browser.press("s").await;
    browser.find(".menu").await;
    browser.press("t").await;
    browser.until("the one that begins so", &at("Todo")).await;
    browser.press("in r").await;
    browser
        .until("the one that begins so", &at("In review"))
        .await;
    press(&browser, Key::Home).await;
    browser.until("the first", &at("Backlog")).await;
    press(&browser, Key::End).await;
    browser.until("the last", &at("Cancelled")).await;
    browser.press("in p").await;
    press(&browser, Key::Enter).await;
    served(&server, &path, status("in_progress")).await;

    browser.press("s").await;
    browser.find(".menu").await;
    browser.press("2").await;
    served(&server, &path, status("todo")).await;
    assert_eq!(browser.count(".menu").await, 0);
}

#[tokio::test]
async fn e_opens_an_item_to_edit_its_title() {
    let server = empty();
    let (task, browser) = drawer(&server).await;
    press(&browser, Key::Escape).await;
    for (path, row) in [
        ("/projects/website", super::card(&task)),
        (
            "/projects/website?tab=backlog",
            format!("#row-{}", tests::api::id(&task)),
        ),
    ] {
        browser.goto(path).await;
        super::ready(&browser).await;
        let focus = format!("document.querySelector('{row}').focus()");
        browser.find(&row).await;
        browser.eval(&focus).await;
        browser.press("e").await;
        is_at(&browser, ".inline-input").await;
        press(&browser, Key::Escape).await;
        is_at(&browser, ".item-title").await;
        press(&browser, Key::Escape).await;
        let is_back = format!("return document.activeElement.matches('{row}')");
        browser.until("the focus to come back", &is_back).await;
        press(&browser, Key::Enter).await;
        browser.find(".drawer .item-title").await;
        assert_eq!(
            browser.count(".drawer .inline-input").await,
            0,
            "only opened"
        );
    }
}
