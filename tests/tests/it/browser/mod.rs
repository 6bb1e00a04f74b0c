//! The page in real Chromium, used as a person uses it.

mod addresses;
mod broken_line;
mod cut_off;
mod dashboard;
mod drawer;
mod every_page;
mod item;
mod keyboard;
mod lists;
mod long_names;
mod markdown;
mod narrow;
mod people;
mod pointer;
mod restore;
mod revoked;
mod runs;
mod side_by_side;
mod tabs;
mod timeline;
mod typed_fields;
mod unfinished;
mod viewer;
mod ways_in;
mod weight;

use serde_json::Value;
use tests::{Browser, Options, Server, api::id, place, wait::until};
use thirtyfour::Key;

/// A server of the app with an empty organization.
fn empty() -> Server {
    Server::with(Options {
        args: app(),
        ..Options::default()
    })
}

/// The demo organization, in which nothing happens by itself.
fn quiet_demo() -> Server {
    let mut args = app();
    args.extend(["--demo-agents".into(), "off".into()]);
    Server::with(Options {
        demo: true,
        args,
        ..Options::default()
    })
}

fn app() -> Vec<String> {
    let dist =
        place::dist().expect("no app: run `cargo xtask build`, or name its folder in DEVTEAM_DIST");
    vec!["--assets-dir".into(), dist.display().to_string()]
}

/// Two browsers on the same page.
async fn pair(server: &Server, path: &str) -> (Browser, Browser) {
    let (one, other) = (
        Browser::open_at(server.address(), path).await,
        Browser::open_at(server.address(), path).await,
    );
    ready(&one).await;
    ready(&other).await;
    (one, other)
}

/// A browser with a page that is there.
async fn open(server: &Server, path: &str) -> Browser {
    let browser = Browser::open_at(server.address(), path).await;
    ready(&browser).await;
    browser
}

/// Waits until the page has what it shows, and is live.
async fn ready(browser: &Browser) {
    let script = "return !!document.querySelector('.pill[data-state=live]') && !!document.querySelector('h1') \
                  && !document.querySelector('[aria-busy=true]')";
    browser.until("the page", script).await;
}

/// The CSS selector of the card of a task.
fn card(item: &Value) -> String {
    format!("#card-{}", id(item))
}

/// The CSS selector of a task's card in the column of a status.
fn card_in(item: &Value, status: &str) -> String {
    format!("[data-status={status}] {}", card(item))
}

/// Opens the menu of a button (by CSS) and chooses an option of it.
async fn choose(browser: &Browser, button: &str, option: &str) {
    browser.click(button).await;
    browser.click_text(".menu-option", option).await;
}

/// Edits a text in place: it is selected when its editing begins, so typing replaces it.
async fn rewrite(browser: &Browser, what: &str, text: &str) {
    browser.click(what).await;
    let is_ready = "return document.activeElement.classList.contains('inline-input')";
    browser.until("the field in place", is_ready).await;
    browser.press(text).await;
    press(browser, Key::Enter).await;
}

/// A key as text, beside letters.
fn key(key: Key) -> String {
    key.value().to_string()
}

/// Presses a key wherever the focus is.
async fn press(browser: &Browser, pressed: Key) {
    browser.press(key(pressed)).await;
}

/// Presses a key while another one is held.
async fn press_with(browser: &Browser, held: Key, pressed: &str) {
    let chain = browser.driver().action_chain();
    let done = chain
        .key_down(held.value())
        .send_keys(pressed)
        .key_up(held.value())
        .perform()
        .await;
    done.expect("keys can be pressed");
}

/// Waits until an answer of the server fits.
async fn served(server: &Server, path: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let api = server.api();
    until(path, async || {
        let answer = api.get(path).await;
        (answer.status == 200)
            .then(|| answer.expect(200))
            .filter(|value| fits(value))
    })
    .await
}
