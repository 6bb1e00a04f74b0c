//! What the browser loads before somebody can use the page.

use serde_json::Value;
use tests::Browser;

use super::{open, quiet_demo, ready};

/// The goal. Where the standard library can't be built along, the app is a sixth larger: DEVTEAM_APP_STD says `as-it-comes`.
const LIMIT: u64 = 300_000;

/// Everything but the data: the page, scripts and WebAssembly, by their bytes on the wire and some more for their headers.
const LOADED: &str = "const files = performance.getEntriesByType('navigation')
    .concat(performance.getEntriesByType('resource'))
    .filter((file) => !new URL(file.name).pathname.startsWith('/api/'));
  return { bytes: files.reduce((sum, file) => sum + file.encodedBodySize + 200, 0),
    files: files.map((file) => `${file.name}: ${file.encodedBodySize}`) };";

async fn loaded(browser: &Browser) -> (u64, Vec<Value>) {
    let loaded = browser.eval(LOADED).await;
    (
        loaded["bytes"].as_u64().unwrap_or(u64::MAX),
        loaded["files"].as_array().cloned().unwrap_or_default(),
    )
}
