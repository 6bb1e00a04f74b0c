//! The network goes, the server goes: the page says so, stays in use, and catches up by itself.

use serde_json::json;
use tests::{Browser, Proxy, api::id, proxy::Mode};
use thirtyfour::Key;

use super::{empty, open, press, ready, rewrite, served};

/// A page that is loaded again forgets this.
const MARK: &str = "window.marked = true; return true";
const IS_MARKED: &str = "return window.marked === true";

#[tokio::test]
async fn what_is_done_while_the_network_is_gone_waits_shows_at_once_and_goes_out_when_it_is_back() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let proxy = Proxy::before(server.address()).await;
    let browser = Browser::open_at(proxy.address(), "/projects/website").await;
    ready(&browser).await;
    browser.eval(MARK).await;

    proxy.set(Mode::Cut);
    browser
        .until(
            "the pill to tell",
            "return !document.querySelector('.pill[data-state=live]')",
        )
        .await;
    api.task(&project, "Made by somebody else").await;
    browser.press("c").await;
    browser.fill("#new-title", "Made without a network").await;
    press(&browser, Key::Enter).await;
    browser
        .find_with_text(".card[data-pending=true]", "Made without a network")
        .await;
    browser.sees("1 waiting").await;
    assert_eq!(
        browser.count(".card").await,
        1,
        "what others do can't be known here"
    );

    proxy.set(Mode::Pass);
    browser
        .find_with_text(".card", "Made by somebody else")
        .await;
    let path = format!("/items?project={}", id(&project));
    let has_both = |items: &serde_json::Value| {
        items["items"]
            .as_array()
            .is_some_and(|items| items.len() == 2)
    };
    served(&server, &path, has_both).await;
    browser
        .until(
            "all to be confirmed",
            "return !document.querySelector('.card[data-pending=true]')",
        )
        .await;
    ready(&browser).await;
    assert_eq!(browser.eval(IS_MARKED).await, true, "without a reload");
}

#[tokio::test]
async fn a_page_outlives_a_restart_of_the_server() {
    let mut server = empty();
    let project = server.api().project("Website").await;
    let browser = open(&server, "/projects/website").await;
    browser.eval(MARK).await;
    let port = server.address().port();
    server.kill();
    browser
        .until(
            "the pill to tell",
            "return !document.querySelector('.pill[data-state=live]')",
        )
        .await;
    server.restart_with(|options| options.port = port);
    server.api().task(&project, "After the storm").await;
    browser.find_with_text(".card", "After the storm").await;
    ready(&browser).await;
    assert_eq!(browser.eval(IS_MARKED).await, true, "without a reload");
}

#[tokio::test]
async fn each_transport_that_is_chosen_is_used_and_brings_the_news() {
    let server = empty();
    let api = server.api();
    let browser = open(&server, "/account").await;
    for (choice, name) in [
        ("SSE", "SSE"),
        ("Polling", "polling"),
        ("WebSocket", "WebSocket"),
    ] {
        browser.click_text(".choice", choice).await;
        browser
            .find_with_text(".facts", &format!("In use\n{name}"))
            .await;
        ready(&browser).await;
        api.project(&format!("By {name}")).await;
        browser.find_with_text(".rail", &format!("By {name}")).await;
    }
}

#[tokio::test]
async fn a_change_that_the_server_refuses_is_taken_back_and_told() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let feature = json!({ "kind": "feature", "title": "A front page", "project": id(&project) });
    let feature = api.create("/items", feature).await;
    let task = json!({ "kind": "task", "title": "Find words", "project": id(&project), "parent": id(&feature) });
    api.create("/items", task).await;
    let browser = open(
        &server,
        &format!("/items/{}", feature["key"].as_str().unwrap()),
    )
    .await;
    super::choose(&browser, "[data-field=Status] button", "Closed").await;
    browser
        .find_with_text(".toast[data-kind=error]", "still open")
        .await;
    browser.find_with_text("[data-field=Status]", "Open").await;
}

#[tokio::test]
async fn what_somebody_deleted_meanwhile_is_named_in_the_toast_by_its_key() {
    let server = empty();
    let api = server.api();
    let project = json!({ "name": "Website", "key": "WEB" });
    let project = api.create("/projects", project).await;
    let item = api.task(&project, "Short lived").await;
    let proxy = Proxy::before(server.address()).await;
    let browser = Browser::open_at(proxy.address(), "/items/WEB-1").await;
    ready(&browser).await;

    proxy.set(Mode::Cut);
    let cut = "return !document.querySelector('.pill[data-state=live]')";
    browser.until("the pill to tell", cut).await;
    rewrite(&browser, ".item-title", "Renamed too late").await;
    browser.sees("1 waiting").await;
    api.delete(&format!("/items/{}", id(&item)))
        .await
        .expect(204);
    proxy.set(Mode::Pass);
    browser
        .find_with_text(".toast", "WEB-1 was deleted meanwhile.")
        .await;
    let named =
        "return !document.querySelector('.toast').innerText.match(/[0-9a-f]{8}-[0-9a-f]{4}/)";
    assert_eq!(browser.eval(named).await, json!(true));
}
