//! Planning: proposals, taken one by one, edited, or all at once.

use serde_json::json;
use tests::api::id;

use super::{
    super::{open, served},
    working,
};
use crate::agents::agent;

#[tokio::test]
async fn an_epic_is_planned_by_whoever_is_asked_and_its_proposals_become_features() {
    let server = working("100000");
    let api = server.api();
    let project = api.project("Website").await;
    agent(&api, "Scout", json!({})).await;
    let epic = json!({ "kind": "epic", "title": "Launch", "project": id(&project) });
    let epic = api.create("/items", epic).await;
    let page = format!("/items/{}", epic["key"].as_str().unwrap());
    let browser = open(&server, &page).await;
    let other = open(&server, &page).await;
    browser
        .click_text("button", "Ask an AI member to plan this")
        .await;
    browser.click_text(".menu-option", "Scout").await;

    browser
        .find_with_text(".proposal", "Find out: Launch")
        .await;
    other.find_with_text(".proposal", "Check: Launch").await;
    browser.click("[aria-label='Edit Find out: Launch']").await;
    browser.fill("#proposal-title", "Ask ten people").await;
    browser.fill("#proposal-estimate", "two").await;
    browser
        .click_text(".proposal button", "Accept as edited")
        .await;
    browser
        .find_with_text(".field-error", "0 to 10000 points")
        .await;
    browser.fill("#proposal-estimate", "2").await;
    browser
        .click_text(".proposal button", "Accept as edited")
        .await;
    other
        .find_with_text("[aria-label=Features] .item-row", "Ask ten people")
        .await;
    other.click("[aria-label='Dismiss Build: Launch']").await;
    browser
        .find_with_text(".proposal[data-state=dismissed]", "Build: Launch")
        .await;

    browser.click_text(".run-now", "Proposes").await;
    browser
        .click_text("[aria-label=Review] button", "Accept all 1 left")
        .await;
    browser.find(".run-heading .run-state.accepted").await;
    let path = format!("/items?parent={}", id(&epic));
    let titles = |items: &serde_json::Value| {
        let items = items["items"].as_array().unwrap().iter();
        let mut titles: Vec<_> = items
            .map(|item| item["title"].as_str().unwrap().to_owned())
            .collect();
        titles.sort();
        titles
    };
    let expected = ["Ask ten people", "Check: Launch"];
    served(&server, &path, |items| titles(items) == expected).await;
}
