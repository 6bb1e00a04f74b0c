//! The dashboard of an organization that has more than fits.

use std::time::Duration;

use serde_json::{Value, json};
use tests::{Api, api::id};

use super::{empty, open};
use crate::agents::agent;

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

#[tokio::test]
async fn what_waits_for_me_comes_first_and_all_of_it_can_be_seen() {
    let server = empty();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let pat = api.member("Pat").await;
    let token = json!({ "name": "A program", "access": "write", "scope": "organization" });
    let token = api.post("/account/tokens", token).await.expect(201);
    let program = api.bearer(token["secret"].as_str().unwrap());
    let asks = async |by: &Api, title: String, assignees: Value| {
        let new =
            json!({ "kind": "task", "title": title, "status": "todo", "assignees": assignees });
        by.create("/items", new).await;
        let claimed = program.post("/runs/claim", json!({})).await.expect(200);
        let ask = json!({ "fence": claimed["fence"], "question": "Which form?" });
        let path = format!("/runs/{}/ask", id(&claimed["run"]));
        program.post(&path, ask).await.expect(200);
    };
    for n in 0..14 {
        asks(&api, format!("Mine {n}"), json!([id(&scout)])).await;
    }
    asks(&program, "Of Pat".into(), json!([id(&scout), id(&pat)])).await;
    let browser = open(&server, "/dashboard").await;
    let mine = "[aria-label='Waiting for you'] .item-row";
    browser
        .find_with_text("[aria-label='Waiting for others'] .item-row", "Of Pat")
        .await;
    browser
        .find_with_text("[aria-label='Waiting for you'] .count", "14")
        .await;
    assert_eq!(browser.count(mine).await, 5);
    browser.click_text("button", "Show all (14)").await;
    let all = format!("return document.querySelectorAll(\"{mine}\").length == 14");
    browser.until("all of them", &all).await;
    // What concerns me is told in a toast; what concerns others is not.
    asks(&program, "Of Pat too".into(), json!([id(&scout), id(&pat)])).await;
    asks(&api, "Mine again".into(), json!([id(&scout)])).await;
    browser.find_with_text(".toast", "Mine again").await;
    let others = "return [...document.querySelectorAll('.toast')].every((toast) => !toast.innerText.includes('Of Pat too'))";
    assert_eq!(browser.eval(others).await, json!(true));
}
