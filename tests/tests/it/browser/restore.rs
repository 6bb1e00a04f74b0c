//! What was deleted can be restored from the page, also after it was loaded again.

use tests::api::id;

use super::{card, empty, open, ready, served};

#[tokio::test]
async fn what_was_deleted_is_restored_from_the_activity_once() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let task = api.task(&project, "Find words").await;
    let path = format!("/items/{}", id(&task));
    api.delete(&path).await.expect(204);
    let browser = open(&server, "/projects/website?tab=activity").await;
    browser
        .find_with_text(".activity-row", "deleted WEBS-1")
        .await;
    browser.click_text(".activity-row button", "Restore").await;
    served(&server, &path, |item| item["title"] == "Find words").await;
    browser.find_with_text(".activity-row", "restored").await;
    browser
        .until(
            "no button",
            "return !document.querySelector('.activity-row button')",
        )
        .await;
    browser.goto("/projects/website").await;
    ready(&browser).await;
    browser.find(&card(&task)).await;
}

#[tokio::test]
async fn the_page_of_what_was_deleted_restores_it_after_a_reload() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let task = api.task(&project, "Find words").await;
    let member = api.member("Ada Byron").await;
    let team = api.team(&project, "Writers").await;
    let key = task["key"].as_str().unwrap();
    let team_path = format!("/projects/{}/teams/{}", id(&project), id(&team));
    for (what, at, page) in [
        (
            "item",
            format!("/items/{}", id(&task)),
            format!("/items/{key}"),
        ),
        ("team", team_path, "/projects/website/teams/writers".into()),
        (
            "member",
            format!("/members/{}", id(&member)),
            "/members/ada-byron".into(),
        ),
        (
            "project",
            format!("/projects/{}", id(&project)),
            "/projects/website".into(),
        ),
    ] {
        // The server has closed by now what the first one held open.
        server.api().delete(&at).await.expect(204);
        let browser = open(&server, &page).await;
        browser.sees(&format!("This {what} was deleted by")).await;
        browser.reload().await;
        browser
            .click_text("button", &format!("Restore the {what}"))
            .await;
        served(&server, &at, |_| true).await;
        browser.sees_no_more("was deleted by").await;
        ready(&browser).await;
    }
}

#[tokio::test]
async fn an_item_that_went_with_its_project_comes_back_with_it() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let task = api.task(&project, "Find words").await;
    let path = format!("/projects/{}", id(&project));
    api.delete(&path).await.expect(204);
    let page = format!("/items/{}", task["key"].as_str().unwrap());
    let browser = open(&server, &page).await;
    browser.sees("This project was deleted by").await;
    browser.click_text("button", "Restore the project").await;
    browser.find_with_text(".item-title", "Find words").await;
}
