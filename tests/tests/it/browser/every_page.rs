//! Every page, light and dark, wide and on a phone.

use tests::{Browser, browser::Scheme};

use super::{open, quiet_demo, ready};

/// The pages of the demo organization, each of its tabs, and the page that is none.
const PAGES: [&str; 19] = [
    "/dashboard",
    "/projects",
    "/projects?tab=own",
    "/projects/website",
    "/projects/website?tab=backlog",
    "/projects/website?tab=timeline",
    "/projects/website?tab=teams",
    "/projects/website?tab=activity",
    "/projects/website?tab=about",
    "/projects/website/teams",
    "/projects/api/teams/ingest",
    "/projects/api/teams/ingest?tab=members",
    "/members",
    "/members/ada",
    "/items/WEB-4",
    "/projects/website?item=WEB-4",
    "/account",
    "/projects/no-such-project",
    "/no/such/page",
];

async fn check(browser: &Browser, name: &str, scheme: Scheme, width: u32) {
    browser.prefer(scheme).await;
    browser.resize(width, 860).await;
    let mut wrong = Vec::new();
    for path in PAGES {
        browser.goto(path).await;
        ready(browser).await;
        let found = browser.accessibility().await;
        if !found.is_empty() {
            wrong.push(format!("{path}: {found:?}"));
        }
        let wide = browser
            .eval("return document.documentElement.scrollWidth > innerWidth")
            .await;
        if wide != serde_json::json!(false) {
            wrong.push(format!("{path} is wider than the screen"));
        }
    }
    browser.screenshot(&format!("page-{name}")).await;
    let errors = browser.console_errors().await;
    assert!(
        wrong.is_empty() && errors.is_empty(),
        "{name}: {wrong:#?} {errors:#?}"
    );
}

#[tokio::test]
async fn every_page_is_accessible_and_fits_a_wide_screen_in_light() {
    let server = quiet_demo();
    let browser = open(&server, "/").await;
    check(&browser, "wide-light", Scheme::Light, 1440).await;
}

#[tokio::test]
async fn every_page_is_accessible_and_fits_a_wide_screen_in_dark() {
    let server = quiet_demo();
    let browser = open(&server, "/").await;
    check(&browser, "wide-dark", Scheme::Dark, 1440).await;
}

#[tokio::test]
async fn every_page_is_accessible_and_fits_a_phone_of_360_pixels_in_light() {
    let server = quiet_demo();
    let browser = open(&server, "/").await;
    check(&browser, "phone-light", Scheme::Light, 360).await;
}

#[tokio::test]
async fn every_page_is_accessible_and_fits_a_phone_of_360_pixels_in_dark() {
    let server = quiet_demo();
    let browser = open(&server, "/").await;
    check(&browser, "phone-dark", Scheme::Dark, 360).await;
}

#[tokio::test]
async fn a_chosen_theme_beats_the_systems_and_survives_a_reload() {
    let server = quiet_demo();
    let browser = open(&server, "/account").await;
    browser.prefer(Scheme::Light).await;
    let dark = "return getComputedStyle(document.body).backgroundColor === 'rgb(20, 21, 25)'";
    assert_eq!(browser.eval(dark).await, false);
    browser.click_text(".choice", "Light on dark").await;
    browser.until("dark", dark).await;
    browser.reload().await;
    browser.until("dark again", dark).await;
}
