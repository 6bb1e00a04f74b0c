//! The timeline: who has a time has a bar, on the days that it is about.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use shared_types::value::Date;
use tests::{Browser, api::id};

use super::{empty, open};

/// Pixels to the day, as the scale is at first and by weeks.
const MONTHS: f64 = 8.0;
const WEEKS: f64 = 24.0;

/// A day from today on, as the API writes it.
fn in_days(days: i64) -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let today = since.expect("a clock after 1970").as_secs() / 86_400;
    Date::from_days(i64::try_from(today).expect("a small number") + days).to_string()
}

/// Of the bar of an item: the day on which it begins, counted from today, and how many days it has.
async fn bar(browser: &Browser, item: &Value, day: f64) -> (f64, f64) {
    let script = format!(
        "const bar = document.querySelector('#line-{} .timeline-bar'); \
         const now = document.querySelector('.timeline-now'); \
         return bar ? [parseFloat(bar.style.left), parseFloat(bar.style.width), parseFloat(now.style.left)] : null",
        id(item)
    );
    let found: Option<[f64; 3]> =
        serde_json::from_value(browser.eval(&script).await).expect("three numbers");
    let [left, width, now] = found.unwrap_or_else(|| panic!("{} has no bar", item["title"]));
    ((left - (now - day / 2.0)) / day, width / day)
}

#[tokio::test]
async fn everything_with_a_time_has_a_bar_on_its_days_and_the_bar_follows_when_it_changes() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let make = async |title: &str, more: Value| {
        let mut item = json!({ "kind": "task", "title": title, "project": id(&project) });
        let fields = item.as_object_mut().expect("an object");
        fields.extend(more.as_object().expect("an object").clone());
        api.create("/items", item).await
    };
    let feature = make("The feature", json!({ "kind": "feature" })).await;
    let under = json!({ "parent": id(&feature), "due": in_days(5), "status": "todo" });
    let child = make("Under it", under).await;
    let due = make("Due", json!({ "due": in_days(10), "status": "todo" })).await;
    let late = make("Late", json!({ "due": in_days(-3), "status": "todo" })).await;
    let begun = make("Begun", json!({ "status": "in_progress" })).await;
    let undated = make("At some time", json!({ "status": "todo" })).await;

    let browser = open(&server, "/projects/website?tab=timeline").await;
    browser.find(&format!("#line-{}", id(&due))).await;
    assert_eq!(bar(&browser, &due, MONTHS).await, (0.0, 11.0));
    assert_eq!(bar(&browser, &begun, MONTHS).await, (0.0, 1.0));
    // What is late goes on until today, with a mark on the day on which it should have been done.
    assert_eq!(bar(&browser, &late, MONTHS).await, (0.0, 1.0));
    let mark = format!("#line-{} .timeline-due[data-late=true]", id(&late));
    assert_eq!(browser.count(&mark).await, 1);
    assert_eq!(bar(&browser, &child, MONTHS).await, (0.0, 6.0));
    assert_eq!(bar(&browser, &feature, MONTHS).await, (0.0, 6.0));
    assert_eq!(browser.count(&format!("#line-{}", id(&undated))).await, 0);
    browser.sees("1 more have no date").await;

    // Somebody else changes dates.
    let later = json!({ "due": in_days(20) });
    api.patch(&format!("/items/{}", id(&child)), later)
        .if_match(1)
        .await
        .expect(200);
    let dated = json!({ "due": in_days(2) });
    api.patch(&format!("/items/{}", id(&undated)), dated)
        .if_match(1)
        .await
        .expect(200);
    browser.find(&format!("#line-{}", id(&undated))).await;
    assert_eq!(bar(&browser, &feature, MONTHS).await, (0.0, 21.0));

    browser
        .goto("/projects/website?tab=timeline&zoom=weeks&level=features")
        .await;
    browser.find(&format!("#line-{}", id(&feature))).await;
    assert_eq!(bar(&browser, &feature, WEEKS).await, (0.0, 21.0));
    assert_eq!(browser.count(".timeline-row").await, 1);
}
