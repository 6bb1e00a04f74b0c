//! What the browser loads before somebody can use the page.

use std::env;

use tests::Browser;

use super::{open, quiet_demo, ready};

/// What must not be passed, in bytes over the wire.
const GOAL: u64 = 300_000;

/// The same where the standard library is not built along (`cargo xtask test` says so): it is a sixth larger then.
const GOAL_WITH_STD_AS_IT_COMES: u64 = 358_000;

/// All that is not data: the page, scripts and WebAssembly, with some bytes for their headers.
const LOADED: &str = "const files = performance.getEntriesByType('navigation')
    .concat(performance.getEntriesByType('resource'))
    .filter((file) => !new URL(file.name).pathname.startsWith('/api/'));
  return files.map((file) => [new URL(file.name).pathname, file.encodedBodySize + 200]);";

async fn loaded(browser: &Browser) -> Vec<(String, u64)> {
    serde_json::from_value(browser.eval(LOADED).await).expect("names and sizes")
}

#[tokio::test]
async fn the_app_shows_its_dashboard_after_less_than_300_kb_over_the_wire() {
    let server = quiet_demo();
    let browser = open(&server, "/").await;
    let files = loaded(&browser).await;
    let goal = match env::var("DEVTEAM_APP_BUILDS_STD").as_deref() {
        Ok("false") => GOAL_WITH_STD_AS_IT_COMES,
        _ => GOAL,
    };
    let total: u64 = files.iter().map(|(_, size)| size).sum();
    assert!(total < goal, "{total} bytes: {files:?}");
    assert!(
        files.iter().any(|(name, _)| name.ends_with("_bg.wasm")),
        "{files:?}"
    );
}

#[tokio::test]
async fn the_parts_of_the_app_are_loaded_when_they_are_needed_or_somebody_begins_to_work() {
    let server = quiet_demo();
    let browser = open(&server, "/").await;
    let browser = &browser;
    let part = |name: &'static str| async move {
        let files = loaded(browser).await;
        files.iter().any(|(file, _)| file.contains(name))
    };
    for name in ["split_pages", "split_commands", "split_markdown"] {
        assert!(!part(name).await, "{name} is not needed on the dashboard");
    }
    browser.goto("/projects/website").await;
    ready(browser).await;
    assert!(part("split_pages").await);
    assert!(!part("split_commands").await);
    browser.press("?").await;
    let all =
        "const names = performance.getEntriesByType('resource').map((file) => file.name).join();
      return ['split_commands', 'split_markdown', 'split_charts'].every((part) => names.includes(part))";
    browser.until("all parts", all).await;
}
