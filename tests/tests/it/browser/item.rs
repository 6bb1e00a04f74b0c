//! One item, edited where it stands.

use serde_json::json;
use tests::api::id;
use thirtyfour::Key;

use super::{choose, empty, key, open, press, press_with, rewrite, served};

#[tokio::test]
async fn every_field_of_an_item_is_edited_in_place() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let ada = api.member("Ada Byron").await;
    let feature = json!({ "kind": "feature", "title": "A front page", "project": id(&project) });
    let feature = api.create("/items", feature).await;
    let other = api.task(&project, "Find a name").await;
    let task = api.task(&project, "Find words").await;
    let path = format!("/items/{}", id(&task));
    let browser = open(
        &server,
        &format!("/items/{}", task["key"].as_str().unwrap()),
    )
    .await;

    rewrite(&browser, ".item-title", "Find better words").await;
    browser.click_text("button", "Add a description").await;
    browser
        .fill("[aria-label=Description]", "Short **and** true")
        .await;
    press_with(&browser, Key::Control, &key(Key::Enter)).await;
    browser.find_with_text(".markdown strong", "and").await;
    choose(&browser, "[data-field=Status] button", "In progress").await;
    choose(&browser, "[data-field=Priority] button", "High").await;
    choose(&browser, "[data-field=Assignees] button", "Ada Byron").await;
    press(&browser, Key::Escape).await;
    browser.click("[data-field=Labels] button").await;
    browser.find(".menu-search").await;
    browser.press("copy").await;
    browser.click_text(".menu-option", "New label").await;
    press(&browser, Key::Escape).await;
    choose(&browser, "[data-field=Parent] button", "A front page").await;
    browser.fill("#item-estimate", "2.5").await;
    press(&browser, Key::Tab).await;
    browser.click_text(".section button", "Choose").await;
    browser.click_text(".menu-option", "Find a name").await;
    press(&browser, Key::Escape).await;

    let is_all = |item: &serde_json::Value| {
        item["title"] == "Find better words"
            && item["description"] == "Short **and** true"
            && item["status"] == "in_progress"
            && item["priority"] == "high"
            && item["assignees"] == json!([ada["id"]])
            && item["labels"] == json!(["copy"])
            && item["parent"] == feature["id"]
            && item["estimate"] == json!(2.5)
            && item["depends_on"] == json!([other["id"]])
    };
    served(&server, &path, is_all).await;
}

#[tokio::test]
async fn what_a_person_writes_never_becomes_markup_or_a_script() {
    let server = empty();
    let api = server.api();
    let project = api
        .project("<img src=x onerror=document.title='broken'>")
        .await;
    let nasty = "Text <img src=x onerror=\"document.title='broken'\"> and [a link](javascript:document.title='broken') \
                 and [another](https://example.org) and ![a picture](https://example.org/pixel.png)";
    let task = json!({ "kind": "task", "title": "<b>bold</b>", "project": id(&project), "description": nasty });
    let task = api.create("/items", task).await;
    let browser = open(
        &server,
        &format!("/items/{}", task["key"].as_str().unwrap()),
    )
    .await;
    browser.find_with_text(".markdown", "<img src=x").await;
    browser.find_with_text(".item-title", "<b>bold</b>").await;
    assert_eq!(browser.count("article img").await, 0);
    assert_eq!(browser.count("article a[href^=javascript]").await, 0);
    assert_eq!(
        browser
            .count("article a[href^='https://'][rel~=noopener]")
            .await,
        2
    );
    assert_ne!(browser.eval("return document.title").await, "broken");
}

#[tokio::test]
async fn the_project_of_an_item_is_a_link_that_is_seen() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let task = api.task(&project, "Find words").await;
    let browser = open(
        &server,
        &format!("/items/{}", task["key"].as_str().unwrap()),
    )
    .await;
    browser
        .click_text(".item-fields a", project["key"].as_str().unwrap())
        .await;
    browser.find(".board").await;
    assert_eq!(browser.path().await, "/projects/website");
}
