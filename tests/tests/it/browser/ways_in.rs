//! Getting in and out: the first account, signing in, invitations.

use tests::{Browser, browser::Scheme};

use super::{
    app,
    people::{PASSWORD, place, sign_in, signed_in},
    ready,
};
use tests::{Options, Server};

/// A server that nobody has set up, and the secret of the link to do that.
fn fresh() -> (Server, String) {
    let mut server = Server::with(Options {
        strict: true,
        args: app(),
        ..Options::default()
    });
    let secret = server.set_up_secret();
    (server, secret)
}

const ADDRESS: &str = "return location.href";

#[tokio::test]
async fn a_server_is_set_up_and_its_owner_signs_out_and_in_again_to_where_they_wanted_to_go() {
    let (server, secret) = fresh();
    let browser = Browser::open_at(server.address(), &format!("/set-up#{secret}")).await;
    browser.fill("#organization", "Analytical Engines").await;
    let address = browser.eval(ADDRESS).await;
    assert!(
        !address.as_str().unwrap().contains("devteam_u"),
        "{address}"
    );
    browser.fill("#name", "Ada Lovelace").await;
    browser.fill("#email", "ada@example.org").await;
    browser.fill("#password", "short").await;
    browser.click("button[type=submit]").await;
    browser.sees("must have 10 to 256 characters").await;
    browser.fill("#password", PASSWORD).await;
    browser.click("button[type=submit]").await;
    ready(&browser).await;
    browser.find_with_text(".member-card", "Ada Lovelace").await;
    browser
        .find_with_text(".member-card", "ada@example.org")
        .await;
    browser
        .find_with_text(".rail-organization", "Analytical Engines")
        .await;
    assert_eq!(browser.count(".note").await, 0, "somebody signed in");

    browser.click_text("button", "Sign out").await;
    browser.sees("Sign in to AI Dev Team").await;
    browser.goto("/projects?show=archived").await;
    browser.sees("Sign in to AI Dev Team").await;
    browser.fill("#email", "ada@example.org").await;
    browser.fill("#password", "not the password").await;
    browser.click("button[type=submit]").await;
    browser.sees("The address or the password is wrong.").await;
    browser.fill("#password", PASSWORD).await;
    browser.click("button[type=submit]").await;
    ready(&browser).await;
    assert_eq!(browser.path().await, "/projects?show=archived");
    browser.goto(&format!("/set-up#{secret}")).await;
    browser.fill("#name", "Eve").await;
    browser.fill("#email", "eve@example.org").await;
    browser.fill("#password", PASSWORD).await;
    browser.click("button[type=submit]").await;
    browser.find("[role=alert]").await;
}

#[tokio::test]
async fn who_guesses_too_often_is_told_for_how_long_to_wait() {
    let place = place().await;
    let browser = Browser::open_at(place.server.address(), "/dashboard").await;
    browser.fill("#email", "owner@example.org").await;
    // Some tries are free; then each costs twice the time of the one before, which a slow machine may need anyway.
    let mut guesses = 0;
    loop {
        guesses += 1;
        assert!(guesses < 15, "guessing goes on");
        browser
            .fill("#password", &format!("guess number {guesses}"))
            .await;
        browser.click("button[type=submit]").await;
        browser
            .until(
                "an answer",
                "return !!document.querySelector('[role=alert]')",
            )
            .await;
        let said = browser.find("[role=alert]").await.text().await.unwrap();
        if said.contains("Signing in has failed too often") {
            break;
        }
        assert_eq!(said, "The address or the password is wrong.");
    }
    assert!(guesses > 5, "{guesses}");
    browser
        .find_with_text("button[type=submit]:disabled", "Try again in")
        .await;
    sign_in(&browser, "owner@example.org").await;
}

#[tokio::test]
async fn somebody_joins_by_an_invitation_that_is_made_on_the_page_and_can_be_used_once() {
    let place = place().await;
    let owner = signed_in(&place, "/members", "owner@example.org").await;
    owner.click_text("button", "Invite").await;
    owner.fill("#invite-email", "grace@example.org").await;
    owner
        .find("#invite-role")
        .await
        .send_keys("Viewer")
        .await
        .unwrap();
    owner.click("form.entry-form button[type=submit]").await;
    owner.find(".shown-once input").await;
    let link = owner
        .eval("return new URL(document.querySelector('.shown-once input').value).href.replace(location.origin, '')")
        .await;
    let link = link.as_str().unwrap().to_owned();
    assert!(link.starts_with("/join#devteam_i_"), "{link}");

    let grace = Browser::open_at(place.server.address(), &link).await;
    grace.sees("as a viewer").await;
    let address = grace.eval(ADDRESS).await;
    assert!(
        !address.as_str().unwrap().contains("devteam_i"),
        "{address}"
    );
    grace.fill("#name", "Grace Hopper").await;
    grace.fill("#password", PASSWORD).await;
    grace.click("button[type=submit]").await;
    ready(&grace).await;
    assert_eq!(grace.path().await, "/dashboard");
    owner.find_with_text(".entry", "Grace Hopper").await;

    let late = Browser::open_at(place.server.address(), &link).await;
    late.sees("This invitation can’t be used").await;
    late.click_text("a.button", "Sign in").await;
    sign_in(&late, "grace@example.org").await;
}

#[tokio::test]
async fn the_ways_in_and_the_account_are_accessible_and_fit_a_phone() {
    let (fresh, secret) = fresh();
    let place = place().await;
    let invitation = place.owner.create(
        "/invitations",
        serde_json::json!({ "email": "grace@example.org", "role": "member" }),
    );
    let invitation = invitation.await;
    let join = invitation["path"].as_str().unwrap();
    let nobody = Browser::open_at(place.server.address(), "/").await;
    let first = Browser::open_at(fresh.address(), "/").await;
    let owner = signed_in(&place, "/account?tab=people", "owner@example.org").await;
    let pages: [(&Browser, &str, &str); 9] = [
        (&nobody, "sign-in", "/dashboard"),
        (&nobody, "join", join),
        (&nobody, "join-useless", "/join#devteam_i_useless"),
        (&first, "set-up", &format!("/set-up#{secret}")),
        (&owner, "account", "/account"),
        (&owner, "sessions", "/account?tab=sessions"),
        (&owner, "tokens", "/account?tab=tokens"),
        (&owner, "people", "/account?tab=people"),
        (&owner, "audit", "/account?tab=audit"),
    ];
    let mut wrong = Vec::new();
    for (scheme, width, look) in [
        (Scheme::Light, 1280, "light"),
        (Scheme::Dark, 1280, "dark"),
        (Scheme::Light, 360, "phone"),
    ] {
        for (browser, name, path) in pages {
            browser.prefer(scheme).await;
            browser.resize(width, 800).await;
            // Away first: what differs behind the # only is no other page.
            browser.goto("/health/live").await;
            browser.goto(path).await;
            let is_there = "return !!document.querySelector('h1') && !document.querySelector('[aria-busy=true]')";
            browser.until("the page", is_there).await;
            let found = browser.accessibility().await;
            let wide = "return document.documentElement.scrollWidth > innerWidth";
            if !found.is_empty() || browser.eval(wide).await != false {
                wrong.push(format!("{name} {look}: {found:?}"));
            }
            browser.screenshot(&format!("access-{name}-{look}")).await;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
