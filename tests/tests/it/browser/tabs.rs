//! Several tabs of one browser have one live connection. The one that holds it may hang.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::{Browser, Server, wait::until};
use thirtyfour::WindowHandle;

use super::{empty, open, ready};

/// Longer than it may take another tab to notice.
const HANGS: Duration = Duration::from_secs(20);

/// Two tabs on the same board, the first of which has the connection.
async fn two_tabs(server: &Server) -> (Browser, WindowHandle, WindowHandle) {
    let browser = open(server, "/projects/website").await;
    let leader = browser.driver().window().await.expect("a first tab");
    let other = browser.driver().new_tab().await.expect("a second tab");
    show(&browser, &other).await;
    browser.goto("/projects/website").await;
    ready(&browser).await;
    assert_eq!(connections(server).await, 1, "one for all tabs");
    (browser, leader, other)
}

async fn show(browser: &Browser, tab: &WindowHandle) {
    let shown = browser.driver().switch_to_window(tab.clone()).await;
    shown.expect("a tab can be shown");
}

/// How many connections the server has open.
async fn connections(server: &Server) -> u32 {
    let page = server.api().get("//metrics").await;
    let page = page.text();
    let counts = page
        .lines()
        .filter(|line| line.starts_with("devteam_connections{"));
    let counts = counts.filter_map(|line| line.rsplit(' ').next()?.parse::<u32>().ok());
    counts.sum()
}

/// Waits until a tab shows one card, and told of it once. A toast would be gone again on a machine with much to do; the
/// list keeps what it told.
async fn sees_once(browser: &Browser, title: &str) {
    browser.find_with_text(".card", title).await;
    browser
        .click("button[aria-haspopup=dialog][aria-label*=otification]")
        .await;
    browser.find_with_text(".notice-row", title).await;
    let count = format!(
        "const count = css => [...document.querySelectorAll(css)].filter(e => e.innerText.includes('{title}')).length; \
         return [count('.card'), count('.notice-row')]"
    );
    assert_eq!(browser.eval(&count).await, json!([1, 1]));
}

/// The second tab goes on live, and the first one again when it is `woken`; both by one connection.
async fn another_goes_on(
    server: &Server,
    browser: &Browser,
    tabs: [&WindowHandle; 2],
    woken: impl AsyncFnOnce(),
) {
    let [leader, other] = tabs;
    let api = server.api();
    let begun = Instant::now();
    let project = api.get("/projects/website").await.expect(200);
    show(browser, other).await;
    api.task(&project, "While the other one hangs").await;
    browser
        .find_with_text(".card", "While the other one hangs")
        .await;
    ready(browser).await;
    assert!(begun.elapsed() < HANGS, "before the other one woke up");

    woken().await;
    show(browser, leader).await;
    browser
        .find_with_text(".card", "While the other one hangs")
        .await;
    ready(browser).await;
    until("one connection", async || {
        (connections(server).await == 1).then_some(())
    })
    .await;
    api.task(&project, "When both are awake").await;
    for tab in [leader, other] {
        show(browser, tab).await;
        ready(browser).await;
        sees_once(browser, "When both are awake").await;
    }
    // The browser tells of the connection that it has closed by freezing the page.
    let errors = browser.console_errors().await.into_iter();
    let errors: Vec<_> = errors
        .filter(|error| !error.contains("Back-Forward Cache"))
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[tokio::test]
async fn a_tab_whose_program_hangs_is_replaced_by_another_one_and_comes_back_behind_it() {
    let server = empty();
    server.api().project("Website").await;
    let (browser, leader, other) = two_tabs(&server).await;
    show(&browser, &leader).await;
    let hang = format!(
        "setTimeout(() => {{ const end = Date.now() + {}; while (Date.now() < end); }}, 500)",
        HANGS.as_millis()
    );
    browser.eval(&hang).await;
    // It wakes up by itself.
    another_goes_on(&server, &browser, [&leader, &other], async || {}).await;
}

#[tokio::test]
async fn a_tab_that_the_browser_has_frozen_is_replaced_by_another_one_and_comes_back_behind_it() {
    let server = empty();
    server.api().project("Website").await;
    let (browser, leader, other) = two_tabs(&server).await;
    show(&browser, &leader).await;
    let state = async |state: &str| {
        browser
            .devtools("Page.setWebLifecycleState", json!({ "state": state }))
            .await;
    };
    state("frozen").await;
    another_goes_on(&server, &browser, [&leader, &other], async || {
        show(&browser, &leader).await;
        state("active").await;
    })
    .await;
}
