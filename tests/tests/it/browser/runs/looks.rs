//! The views of runs, light and dark, wide and on a phone; and to one who may only look.

use serde_json::json;
use tests::{Browser, api::id, browser::Scheme};

use super::{
    super::{open, ready},
    page_of, working,
};
use crate::agents::{agent, run_in, task};

async fn check(browser: &Browser, path: &str, wrong: &mut Vec<String>) {
    browser.goto(path).await;
    ready(browser).await;
    let found = browser.accessibility().await;
    if !found.is_empty() {
        wrong.push(format!("{path}: {found:?}"));
    }
    let wide = browser
        .eval("return document.documentElement.scrollWidth > innerWidth || document.querySelector('main').scrollWidth > innerWidth")
        .await;
    if wide != json!(false) {
        wrong.push(format!("{path} is wider than the screen"));
    }
}

#[tokio::test]
async fn every_view_of_runs_is_accessible_and_fits_wide_and_phone_light_and_dark() {
    let server = working("100000");
    let api = server.api();
    let asks = agent(
        &api,
        "Careful",
        json!({ "tools": { "post_comment": "ask" } }),
    )
    .await;
    let scout = agent(&api, "Scout", json!({})).await;
    let asked = task(
        &api,
        "A task with a title that is long enough to be cut where there is little room for it",
        &asks,
    )
    .await;
    let done = task(&api, "Sign in", &scout).await;
    let epic = api
        .create("/items", json!({ "kind": "epic", "title": "Launch" }))
        .await;
    let plan = json!({ "member": id(&scout) });
    api.post(&format!("/items/{}/proposals", id(&epic)), plan)
        .await
        .expect(201);
    api.request("PUT", "/budgets")
        .json(json!({ "scope": "organization", "day": 5_000_000 }))
        .await
        .expect(200);
    let asking = run_in(&api, &asked, &["awaiting_input"]).await;
    let working = run_in(&api, &done, &["awaiting_review"]).await;
    let plan = run_in(&api, &epic, &["awaiting_review"]).await;
    let pages = [
        page_of(&asking),
        page_of(&working),
        page_of(&plan),
        format!("/items/{}", id(&epic)),
        format!("/items/{}", id(&done)),
        "/dashboard".into(),
        "/members".into(),
        "/members/scout?tab=runs".into(),
        "/members/scout?tab=profile".into(),
        "/account?tab=agents".into(),
        "/runs/no-such-run".into(),
    ];
    let browser = open(&server, "/").await;
    let mut wrong = Vec::new();
    for (scheme, width) in [
        (Scheme::Light, 1440),
        (Scheme::Dark, 360),
        (Scheme::Light, 360),
        (Scheme::Dark, 1440),
    ] {
        browser.prefer(scheme).await;
        browser.resize(width, 860).await;
        for path in &pages {
            check(&browser, path, &mut wrong).await;
        }
        browser.goto(&page_of(&working)).await;
        ready(&browser).await;
        browser.click(".log-fold summary").await;
        browser.screenshot(&format!("run-{scheme:?}-{width}")).await;
    }
    let errors = browser.console_errors().await;
    let errors: Vec<_> = errors
        .iter()
        .filter(|error| !error.contains("404"))
        .collect();
    assert!(
        wrong.is_empty() && errors.is_empty(),
        "{wrong:#?} {errors:#?}"
    );
}
