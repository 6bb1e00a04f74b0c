//! Without a network the page says what it can't show, shows what it can, and loads the rest when it is back.

use serde_json::json;
use tests::{Browser, Proxy, proxy::Mode};
use thirtyfour::Key;

use super::{empty, press, press_with, ready};

const IS_CUT: &str = "return !document.querySelector('.pill[data-state=live]')";

async fn cut(proxy: &Proxy, browser: &Browser) {
    proxy.set(Mode::Cut);
    browser.until("the pill to tell", IS_CUT).await;
}

#[tokio::test]
async fn activity_that_could_not_be_loaded_says_so_and_comes_when_the_network_is_back() {
    let server = empty();
    let project = server.api().project("Website").await;
    server.api().task(&project, "Find words").await;
    let proxy = Proxy::before(server.address()).await;
    let browser = Browser::open_at(proxy.address(), "/projects/website").await;
    ready(&browser).await;
    cut(&proxy, &browser).await;
    browser.click_text(".tab", "Activity").await;
    browser.find_with_text(".notice", "can’t be loaded").await;
    browser
        .find_with_text(".notice button", "Try again now")
        .await;
    assert!(!browser.text().await.contains("Nothing has happened yet"));
    proxy.set(Mode::Pass);
    browser.find_with_text(".activity-row", "Find words").await;
    browser.sees_no_more("can’t be loaded").await;
}

#[tokio::test]
async fn a_card_that_was_not_opened_before_shows_what_is_known_of_it() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let task = api.task(&project, "Find words").await;
    let change = json!({ "description": "Short and true" });
    let path = format!("/items/{}", tests::api::id(&task));
    api.patch(&path, change).await.expect(200);
    let other = api.project("Elsewhere").await;
    let far = api.task(&other, "Far away").await;
    let proxy = Proxy::before(server.address()).await;
    let browser = Browser::open_at(proxy.address(), "/projects/website").await;
    ready(&browser).await;
    // The parts of the app come by themselves when somebody begins to work.
    browser.press("?").await;
    browser.find(".help-keys").await;
    press(&browser, Key::Escape).await;
    let parts = "return performance.getEntriesByType('resource').some((file) => file.name.includes('split_markdown'))";
    browser.until("the parts", parts).await;
    cut(&proxy, &browser).await;
    browser.click(&super::card(&task)).await;
    browser
        .find_with_text(".drawer .item-title", "Find words")
        .await;
    browser
        .find_with_text(".drawer .item-head", "when the server can be reached again")
        .await;
    assert_eq!(browser.count(".drawer [aria-busy=true]").await, 0);
    proxy.set(Mode::Pass);
    browser
        .find_with_text(".drawer .markdown", "Short and true")
        .await;

    cut(&proxy, &browser).await;
    let key = far["key"].as_str().unwrap();
    let go = format!(
        "history.pushState(null, '', '/projects/website?item={key}'); dispatchEvent(new PopStateEvent('popstate'))"
    );
    browser.eval(&go).await;
    browser
        .find_with_text(".drawer", "This item can’t be shown while offline")
        .await;
    proxy.set(Mode::Pass);
    browser
        .find_with_text(".drawer .item-title", "Far away")
        .await;
}

#[tokio::test]
async fn the_command_bar_is_there_without_a_network_and_says_so_where_it_is_not() {
    let server = empty();
    let proxy = Proxy::before(server.address()).await;
    let browser = Browser::open_at(proxy.address(), "/dashboard").await;
    ready(&browser).await;
    cut(&proxy, &browser).await;
    press_with(&browser, Key::Control, "k").await;
    browser
        .find_with_text(".toast", "This part of the app is not loaded yet")
        .await;

    // Looked at for a while, it has all its parts, though nobody has touched it.
    proxy.set(Mode::Pass);
    browser.reload().await;
    ready(&browser).await;
    let parts = "return performance.getEntriesByType('resource').some((file) => file.name.includes('split_commands'))";
    browser.until("the parts", parts).await;
    cut(&proxy, &browser).await;
    press_with(&browser, Key::Control, "k").await;
    browser.find(".palette input").await;
}
