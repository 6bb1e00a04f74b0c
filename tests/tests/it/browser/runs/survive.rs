//! A log whose server goes and comes back while somebody reads it.

use serde_json::json;

use super::{super::open, entries, page_of, state, with_app, working};
use crate::agents::{agent, log, options, run_in, task};

/// Letters alone: what is left of a text after its Markdown was drawn.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[tokio::test]
async fn a_log_goes_on_after_its_server_was_restarted_without_a_hole_or_a_repeat() {
    let mut server = working("4");
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["running"]).await;
    let browser = open(&server, &page_of(&run)).await;
    browser.eval("window.marked = true; return true").await;
    let begun =
        "return Number(document.querySelector('[aria-label=Log] .count')?.innerText ?? 0) > 8";
    browser.until("some of the log", begun).await;
    server.ask_to_end();
    server.ended();
    browser.find(".section[aria-label=Log] .field-error").await;
    server.restart_with(|now| now.args = with_app(options("40").args).args);
    browser.find(&state("awaiting_review")).await;

    let api = server.api();
    let written = log(&api, &run).await;
    let all = format!(
        "return document.querySelector('[aria-label=Log] .count').innerText === '{}'",
        written.len()
    );
    browser.until("all of the log", &all).await;
    let texts = written.iter().filter(|entry| entry["kind"] == "text");
    let texts: String = texts.map(|entry| entry["text"].as_str().unwrap()).collect();
    let shown =
        "return [...document.querySelectorAll('.log-text')].map((text) => text.innerText).join('')";
    let shown = browser.eval(shown).await;
    assert_eq!(letters(shown.as_str().unwrap()), letters(&texts));
    browser.find_with_text(".log-aside", "Begun with").await;
    let begun = "return [...document.querySelectorAll('.log-aside')].filter((line) => line.innerText.startsWith('Begun')).length";
    assert_eq!(
        browser.eval(begun).await,
        json!(2),
        "both workers are in the log"
    );
    assert_eq!(entries(&browser).await as usize, written.len());
    assert_eq!(
        browser.eval("return window.marked").await,
        json!(true),
        "it was never loaded again"
    );
}
