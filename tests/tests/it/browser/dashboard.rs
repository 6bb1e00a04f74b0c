//! The dashboard of an organization that has more than fits.

use std::time::Duration;

use serde_json::json;
use tests::api::id;

use super::{empty, open};

/// As many projects as are listed, and some more.
const PROJECTS: usize = 45;

#[tokio::test]
async fn of_many_projects_it_lists_those_that_changed_last_and_says_where_the_others_are() {
    let server = empty();
    let api = server.api();
    let mut first = None;
    for n in 0..PROJECTS {
        let project = api.project(&format!("Project {n:02}")).await;
        first.get_or_insert(project);
        // Of two that changed in one millisecond, neither changed last.
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let first = first.expect("a project");
    let browser = open(&server, "/").await;
    let listed = "section[aria-label=Projects] .item-row";
    browser.sees("And 5 more projects").await;
    assert_eq!(browser.count(listed).await, 40);
    let names = format!(
        "return [...document.querySelectorAll('{listed} .item-row-title')].map((name) => name.textContent)"
    );
    let shown = async || -> Vec<String> {
        serde_json::from_value(browser.eval(&names).await).expect("names")
    };
    let latest: Vec<String> = (5..PROJECTS).map(|n| format!("Project {n:02}")).collect();
    assert_eq!(shown().await, latest);

    // One that was not there changes, and takes the place of the one that has not changed for longest.
    let about = json!({ "description": "Not forgotten" });
    api.patch(&format!("/projects/{}", id(&first)), about)
        .if_match(1)
        .await
        .expect(200);
    browser.find_with_text(listed, "Project 00").await;
    assert_eq!(shown().await[..2], ["Project 00", "Project 06"]);
    browser.click_text("a", "See all projects").await;
    let all = format!("return document.querySelectorAll('ul.grid > *').length == {PROJECTS}");
    browser.until("all of them", &all).await;
}
