//! What is taken away elsewhere is gone from the page at once, and the page says so.

use serde_json::json;
use tests::{Browser, Proxy, proxy::Mode};
use thirtyfour::Key;

use super::{
    open,
    people::{PASSWORD, place, sign_in, signed_in},
    press, quiet_demo, ready, served,
};
use crate::access::{self, account_id};

const MEMBER: &str = "the-member@example.org";

#[tokio::test]
async fn a_role_that_is_lowered_shows_at_once_and_takes_the_controls_away() {
    let place = place().await;
    let member = place.person("member").await;
    place.owner.project("Website").await;
    // Each by its name among the choices, and by the one it has while it is in use.
    for (transport, in_use) in [
        ("WebSocket", "WebSocket"),
        ("SSE", "SSE"),
        ("Polling", "polling"),
    ] {
        let browser = signed_in(&place, "/account", MEMBER).await;
        browser.click_text(".choice", transport).await;
        browser
            .find_with_text(".facts", &format!("In use\n{in_use}"))
            .await;
        browser.goto("/projects/website").await;
        ready(&browser).await;
        browser.find("[aria-label='New item']").await;
        let account = format!("/accounts/{}", account_id(&member).await);
        let role = |role: &str| place.owner.patch(&account, json!({ "role": role }));
        role("viewer").await.expect(200);
        browser
            .find_with_text(".toast", "Your role is viewer now.")
            .await;
        browser
            .until(
                "no controls",
                "return !document.querySelector('[aria-label=\"New item\"]')",
            )
            .await;
        role("member").await.expect(200);
        browser.find("[aria-label='New item']").await;
    }
}

#[tokio::test]
async fn a_session_that_is_ended_elsewhere_leads_to_the_sign_in_page_and_back() {
    let place = place().await;
    let member = place.person("member").await;
    place.owner.project("Website").await;
    let browser = signed_in(&place, "/projects/website?tab=about", MEMBER).await;
    member.delete("/account/sessions").await.expect(204);
    browser.sees("You were signed out").await;
    assert_eq!(browser.count(".frame").await, 0, "nothing of it is left");
    // It does not go on trying.
    let tries = "return performance.getEntriesByType('resource').filter((file) => file.name.includes('/api/')).length";
    let before = browser.eval(tries).await;
    browser.fill("#email", MEMBER).await;
    browser.fill("#password", "not the password").await;
    browser.click("button[type=submit]").await;
    browser.sees("The address or the password is wrong.").await;
    let after = browser.eval(tries).await;
    assert!(
        after.as_u64().unwrap() <= before.as_u64().unwrap() + 2,
        "{before} {after}"
    );
    sign_in(&browser, MEMBER).await;
    assert_eq!(browser.path().await, "/projects/website?tab=about");
}

#[tokio::test]
async fn what_waits_is_sent_by_the_one_who_made_it_and_by_nobody_else() {
    let place = place().await;
    let member = place.person("member").await;
    place.person("admin").await;
    place.owner.project("Website").await;
    let proxy = Proxy::before(place.server.address()).await;
    let browser = Browser::open_at(proxy.address(), "/projects/website").await;
    sign_in(&browser, MEMBER).await;
    proxy.set(Mode::Cut);
    browser.press("c").await;
    browser.fill("#new-title", "Made without a network").await;
    press(&browser, Key::Enter).await;
    browser.sees("1 waiting").await;
    member.delete("/account/sessions").await.expect(204);
    proxy.set(Mode::Pass);
    browser.sees("1 of your changes wait").await;

    sign_in(&browser, "the-admin@example.org").await;
    browser.find(".board").await;
    assert_eq!(browser.count(".card").await, 0, "it is somebody else's");
    browser.goto("/account").await;
    browser.click_text("button", "Sign out").await;
    browser.sees("Sign in to AI Dev Team").await;
    let items = place.owner.get("/items").await.expect(200);
    assert_eq!(items["items"], json!([]));

    browser.goto("/projects/website").await;
    sign_in(&browser, MEMBER).await;
    browser
        .find_with_text(".card", "Made without a network")
        .await;
    let api = place.owner.clone();
    tests::wait::until("the item", async || {
        let items = api.get("/items").await.expect(200);
        (items["items"][0]["title"] == "Made without a network").then_some(())
    })
    .await;
}

#[tokio::test]
async fn signing_in_as_somebody_else_in_one_tab_begins_the_others_anew() {
    let place = place().await;
    place.person("member").await;
    let browser = signed_in(&place, "/account", MEMBER).await;
    browser.find_with_text(".member-card", MEMBER).await;
    let first = browser.driver().window().await.unwrap();
    browser.driver().new_tab().await.unwrap();
    let windows = browser.driver().windows().await.unwrap();
    let second = windows.into_iter().find(|window| *window != first).unwrap();
    browser.driver().switch_to_window(second).await.unwrap();
    browser.goto("/account").await;
    browser.click_text("button", "Sign out").await;
    browser.sees("Sign in to AI Dev Team").await;
    sign_in(&browser, "owner@example.org").await;
    browser.driver().switch_to_window(first).await.unwrap();
    browser
        .find_with_text(".member-card", "owner@example.org")
        .await;
}

#[tokio::test]
async fn the_password_is_changed_and_the_other_browser_is_signed_out() {
    let place = place().await;
    place.person("member").await;
    let other = signed_in(&place, "/dashboard", MEMBER).await;
    let browser = signed_in(&place, "/account?tab=sessions", MEMBER).await;
    browser.find_with_text(".entry", "This browser").await;
    browser.fill("#current", PASSWORD).await;
    browser.fill("#new", "a new kind of staple").await;
    browser.click_text("button", "Change password").await;
    browser
        .find_with_text(".toast", "Your password is changed.")
        .await;
    other.sees("You were signed out").await;
    let again = access::sign_in(&place.server, MEMBER, "a new kind of staple").await;
    assert_eq!(again.status, 201);
}

#[tokio::test]
async fn the_demo_says_that_nobody_signed_in() {
    let server = quiet_demo();
    let browser = open(&server, "/projects/website").await;
    browser
        .find_with_text(
            ".note",
            "You are the demo’s owner on this machine; nobody signed in.",
        )
        .await;
    served(&server, "/account", |account| {
        account["signed_in_by"] == "local"
    })
    .await;
    browser.goto("/account").await;
    browser
        .find_with_text(".member-card", "nobody signed in")
        .await;
    assert_eq!(browser.count("a[href='?tab=sessions']").await, 0);
}
