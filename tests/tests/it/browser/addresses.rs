//! Addresses: every place has one, and keeps it through reload, back and forward.

use serde_json::json;
use tests::{Browser, api::id};

use super::{empty, open, quiet_demo, ready, rewrite};

#[tokio::test]
async fn a_reload_keeps_the_place_with_its_tab_filter_and_drawer() {
    let server = quiet_demo();
    let browser = open(&server, "/projects").await;
    browser.click_text(".project-card a", "Website").await;
    browser.click_text(".tab", "Backlog").await;
    browser.fill("[aria-label='Filter by text']", "WEB-4").await;
    browser
        .until(
            "one task",
            "return document.querySelectorAll('.tree-row[data-kind=task]').length === 1",
        )
        .await;
    browser.click_text(".tree-row", "WEB-4").await;
    browser.find(".drawer .item-title").await;
    let path = browser.path().await;
    assert!(
        path.starts_with("/projects/website?") && path.contains("item=WEB-4"),
        "{path}"
    );
    browser.reload().await;
    ready(&browser).await;
    browser.find(".drawer .item-title").await;
    assert_eq!(browser.count(".tree-row[data-kind=task]").await, 1);
    assert_eq!(browser.path().await, path);
}

#[tokio::test]
async fn back_and_forward_go_through_pages_tabs_and_the_drawer() {
    let server = quiet_demo();
    let browser = open(&server, "/projects").await;
    browser.click_text(".project-card a", "Website").await;
    browser.find(".board").await;
    browser.click_text(".tab", "Backlog").await;
    browser.find(".tree").await;
    browser.click(".tree-row").await;
    browser.find(".drawer").await;
    browser.back().await;
    browser
        .until(
            "no drawer",
            "return !document.querySelector('.drawer') && !!document.querySelector('.tree')",
        )
        .await;
    browser.back().await;
    browser.find(".board").await;
    browser.back().await;
    browser.find_with_text("h1", "Projects").await;
    browser.forward().await;
    browser.find(".board").await;
    browser.forward().await;
    browser.find(".tree").await;
}

#[tokio::test]
async fn an_old_slug_and_an_old_key_keep_leading_to_what_they_named() {
    let server = empty();
    let api = server.api();
    let (website, shop) = (api.project("Website").await, api.project("Shop").await);
    let task = api.task(&website, "Write the front page").await;
    api.patch(
        &format!("/projects/{}", id(&website)),
        json!({ "slug": "site" }),
    )
    .await
    .expect(200);
    let browser = open(&server, "/projects/website").await;
    browser.find_with_text("h1", "Website").await;
    at(&browser, "/projects/site").await;
    let to = json!({ "project": id(&shop) });
    api.post(&format!("/items/{}/move", id(&task)), to)
        .await
        .expect(200);
    browser
        .goto(&format!("/items/{}", task["key"].as_str().unwrap()))
        .await;
    browser
        .find_with_text(".item-title", "Write the front page")
        .await;
    browser.find_with_text("[data-field=Project]", "Shop").await;
    let is_new = "return location.pathname.startsWith('/items/SHOP-')";
    browser.until("the new key in the address", is_new).await;
}

#[tokio::test]
async fn a_page_has_the_new_slug_in_its_address_as_soon_as_somebody_has_chosen_it() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let project_path = format!("/projects/{}", id(&project));
    let team = json!({ "name": "Front of house" });
    let team = api.create(&format!("{project_path}/teams"), team).await;
    let team_path = format!("{project_path}/teams/{}", id(&team));
    let member = api.member("Ada Byron").await;
    let member_path = format!("/members/{}", id(&member));
    let rename = async |path: &str, slug: &str| {
        api.patch(path, json!({ "slug": slug })).await.expect(200);
    };

    // Somebody else does it; what is over the page stays, and so does what is in it.
    let browser = open(&server, "/projects/website?tab=backlog&item=nothing").await;
    browser
        .eval("document.querySelector('h1').mark = 'here'")
        .await;
    rename(&project_path, "site").await;
    at(&browser, "/projects/site?tab=backlog&item=nothing").await;
    let is_same = "return document.querySelector('h1').mark === 'here'";
    assert_eq!(
        browser.eval(is_same).await,
        true,
        "the page is not drawn anew"
    );
    browser
        .goto("/projects/website/teams/front-of-house?tab=members")
        .await;
    at(&browser, "/projects/site/teams/front-of-house?tab=members").await;
    rename(&team_path, "hosts").await;
    at(&browser, "/projects/site/teams/hosts?tab=members").await;
    rename(&project_path, "web").await;
    at(&browser, "/projects/web/teams/hosts?tab=members").await;
    browser.goto("/members/ada-byron").await;
    browser.find_with_text("h1", "Ada Byron").await;
    rename(&member_path, "ada").await;
    at(&browser, "/members/ada").await;

    // The person at this browser does it, and can go back over it.
    browser.goto("/projects").await;
    browser.click_text(".project-card a", "Website").await;
    browser.click_text(".tab", "About").await;
    rewrite(&browser, "[aria-label^='Slug']", "home").await;
    at(&browser, "/projects/home?tab=about").await;
    browser.back().await;
    at(&browser, "/projects/home").await;
    browser.back().await;
    at(&browser, "/projects").await;

    // All that it was called leads there.
    for old in ["website", "site", "web"] {
        browser.goto(&format!("/projects/{old}")).await;
        browser.find_with_text("h1", "Website").await;
        at(&browser, "/projects/home").await;
    }
}

/// Waits until the page has this address.
async fn at(browser: &Browser, path: &str) {
    let script = format!("return location.pathname + location.search === '{path}'");
    browser.until(path, &script).await;
}

#[tokio::test]
async fn an_unknown_address_says_so_and_leads_back() {
    let server = empty();
    let browser = open(&server, "/no/such/page").await;
    browser.click_text("a", "See all projects").await;
    browser.find_with_text("h1", "Projects").await;
    browser.goto("/items/WEB-999").await;
    browser.sees("There is no such item").await;
    browser.click_text("a", "See all projects").await;
    browser.find_with_text("h1", "Projects").await;
}
