//! AI members at work, as people see them and decide about what they do.

mod decide;
mod looks;
mod manage;
mod plan;
mod survive;
mod watch;

use serde_json::Value;
use tests::{Browser, Options, Server, api::id};

use crate::agents::options;

/// A server of the app whose AI members work with the scripted provider, at this many words a second.
fn working(words_per_second: &str) -> Server {
    let Options { args, .. } = options(words_per_second);
    Server::with(with_app(args))
}

fn with_app(args: Vec<String>) -> Options {
    Options {
        works: true,
        args: args.into_iter().chain(super::app()).collect(),
        ..Options::default()
    }
}

fn page_of(run: &Value) -> String {
    format!("/runs/{}", id(run))
}

/// The CSS selector of the state that the page of a run tells.
fn state(name: &str) -> String {
    format!(".run-heading .run-state.{name}")
}

/// How many entries of the log the page has.
async fn entries(browser: &Browser) -> u64 {
    let count = "return document.querySelector('[aria-label=Log] .count')?.innerText ?? '0'";
    let count = browser.eval(count).await;
    count.as_str().and_then(|count| count.parse().ok()).unwrap()
}
