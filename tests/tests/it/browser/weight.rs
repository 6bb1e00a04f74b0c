//! What the browser loads before somebody can use the page.

use serde_json::Value;
use tests::Browser;

use super::{open, quiet_demo, ready};

/// Everything but the data: the page, scripts and WebAssembly, as many bytes as came over the wire, and their names.
const LOADED: &str = "const files = performance.getEntriesByType('navigation')
    .concat(performance.getEntriesByType('resource'))
    .filter((file) => !new URL(file.name).pathname.startsWith('/api/'));
  return { bytes: files.reduce((sum, file) => sum + file.encodedBodySize + 200, 0), files: files.map((file) => file.name) };";

async fn loaded(browser: &Browser) -> (u64, Vec<Value>) {
    let loaded = browser.eval(LOADED).await;
    (
        loaded["bytes"].as_u64().unwrap_or(u64::MAX),
        loaded["files"].as_array().cloned().unwrap_or_default(),
    )
}

#[tokio::test]
async fn the_dashboard_loads_in_under_300_kb() {
    let server = quiet_demo();
    let browser = open(&server, "/").await;
    let (bytes, files) = loaded(&browser).await;
    let limit = LIMIT_WITH_STD;
    assert!(bytes < limit, "{bytes} bytes: {files:?}");
}
