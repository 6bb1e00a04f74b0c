//! Values that are typed: they are sent when they are complete and can be taken, and not before.

use serde_json::{Value, json};
use tests::{Browser, Server, api::id};
use thirtyfour::Key;

use super::{empty, key, open, press, served};

/// A task and the page of it.
async fn task(server: &Server) -> (String, Browser) {
    let api = server.api();
    let project = api.project("Website").await;
    let task = api.task(&project, "Find words").await;
    let browser = open(server, &format!("/items/{}", task["key"].as_str().unwrap())).await;
    (format!("/items/{}", id(&task)), browser)
}

/// What the server has: the value, after so many changes.
async fn has(server: &Server, path: &str, field: &str, value: Value, version: u64) {
    served(server, path, |item| {
        item[field] == value && item["version"] == version
    })
    .await;
}

async fn focus(browser: &Browser, css: &str) {
    let script = format!("document.activeElement.blur(); document.querySelector('{css}').focus()");
    browser.eval(&script).await;
}

/// Types in place of what is in a text field, without leaving it meanwhile.
async fn retype(browser: &Browser, css: &str, text: &str) {
    focus(browser, css).await;
    browser.eval("document.activeElement.select()").await;
    browser.press(text).await;
}

#[tokio::test]
async fn a_due_day_is_sent_when_it_is_complete_and_one_that_does_not_exist_changes_nothing() {
    let server = empty();
    let (path, browser) = task(&server).await;
    focus(&browser, "#item-due").await;
    // Each digit of the year makes a day of its own: of the year 2, 20, 202.
    browser.press("03032026").await;
    press(&browser, Key::Enter).await;
    has(&server, &path, "due", json!("2026-03-03"), 2).await;

    focus(&browser, "#item-due").await;
    browser.press("0231").await;
    press(&browser, Key::Enter).await;
    browser
        .find_with_text("#item-due-error", "a day that exists")
        .await;
    has(&server, &path, "due", json!("2026-03-03"), 2).await;
    press(&browser, Key::Escape).await;
    let is_back = "return document.querySelector('#item-due').value === '2026-03-03' \
                   && !document.querySelector('#item-due-error')";
    browser.until("the day that it has", is_back).await;

    focus(&browser, "#item-due").await;
    browser.press("03030020").await;
    press(&browser, Key::Enter).await;
    browser.find_with_text("#item-due-error", "1899").await;
    has(&server, &path, "due", json!("2026-03-03"), 2).await;

    focus(&browser, "#item-due").await;
    browser.press("03042027").await;
    focus(&browser, ".item-title").await;
    has(&server, &path, "due", json!("2027-03-04"), 3).await;

    focus(&browser, "#item-due").await;
    for _ in 0..3 {
        press(&browser, Key::Backspace).await;
        press(&browser, Key::Right).await;
    }
    press(&browser, Key::Enter).await;
    has(&server, &path, "due", Value::Null, 4).await;
}

#[tokio::test]
async fn an_estimate_that_the_server_would_refuse_is_told_at_its_field_and_never_becomes_another_one()
 {
    let server = empty();
    let (path, browser) = task(&server).await;
    retype(&browser, "#item-estimate", "2.5").await;
    press(&browser, Key::Enter).await;
    has(&server, &path, "estimate", json!(2.5), 2).await;
    for wrong in ["20000", "abc", "-5", "2.555"] {
        retype(&browser, "#item-estimate", wrong).await;
        press(&browser, Key::Tab).await;
        browser
            .find_with_text("#item-estimate-error", "0 to 10000")
            .await;
        let stays = format!("return document.querySelector('#item-estimate').value === '{wrong}'");
        browser.until("what was typed", &stays).await;
    }
    has(&server, &path, "estimate", json!(2.5), 2).await;
    retype(&browser, "#item-estimate", &key(Key::Backspace)).await;
    press(&browser, Key::Enter).await;
    has(&server, &path, "estimate", Value::Null, 3).await;
}
