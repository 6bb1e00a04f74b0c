//! Names as long as they may be, without a gap or written from right to left, and many of everything.

use serde_json::json;
use tests::{Browser, api::id};

use super::{empty, open, ready};

/// Whether the page, or a list of it, scrolls sideways.
const WIDE: &str = "return ['html', 'main', '.column-body', '.drawer-body']
    .flatMap((css) => [...document.querySelectorAll(css)])
    .filter((place) => place.scrollWidth > place.clientWidth + 1)
    .map((place) => `${place.className || place.tagName} ${place.scrollWidth}`)";

async fn fits(browser: &Browser, path: &str) {
    for (width, height) in [(1280, 900), (360, 740)] {
        browser.resize(width, height).await;
        browser.goto(path).await;
        ready(browser).await;
        let wide = browser.eval(WIDE).await;
        assert_eq!(wide, json!([]), "{path} at {width} px");
    }
}

#[tokio::test]
async fn long_names_and_many_labels_stay_inside_what_holds_them() {
    let server = empty();
    let api = server.api();
    let long = "Withoutagap".repeat(10);
    let project = api.project(&long).await;
    let mut members = vec![api.member(&long).await];
    for name in ["Ada", "Ben", "Cleo", "Dora"] {
        members.push(api.member(name).await);
    }
    let task = json!({
        "kind": "task", "title": long, "project": id(&project), "status": "in_progress",
        "assignees": members.iter().map(id).collect::<Vec<_>>(),
        "labels": ["a-label-of-thirty-five-characters-xx", "b", "c", "d", "e", "f", "g"],
        "estimate": 99.25, "due": "2030-12-31", "priority": "urgent",
    });
    let task = api.create("/items", task).await;
    let key = task["key"].as_str().unwrap();
    let place = format!("/projects/{}", project["slug"].as_str().unwrap());
    let member = members[0]["slug"].as_str().unwrap();
    let browser = open(&server, "/dashboard").await;
    for path in [
        "/dashboard".to_owned(),
        format!("/items/{key}"),
        place.clone(),
        format!("{place}?item={key}"),
        format!("/members/{member}?tab=work"),
    ] {
        fits(&browser, &path).await;
    }
    browser.resize(1280, 900).await;
    let title = "const title = document.querySelector('main .item-row-title'); return title.clientWidth > 200";
    browser
        .until("the item's title beside its project", title)
        .await;

    browser.goto(&place).await;
    browser.find(".card").await;
    let inside = "const card = document.querySelector('.card').getBoundingClientRect();
        const meta = [...document.querySelectorAll('.card .meta, .card .chip')];
        return meta.length === 4 && meta.every((one) => one.getBoundingClientRect().right <= card.right);";
    browser.until("all of it on the card", inside).await;
    // What is seen of a button is said of it: a number that folds faces is ornament.
    let words = "return document.querySelector(\".card [aria-label^='Assignees']\").innerText.includes('+') === false";
    browser
        .until("no number in the button's words", words)
        .await;
}

#[tokio::test]
async fn a_name_from_right_to_left_keeps_its_beginning() {
    let server = empty();
    let api = server.api();
    let project = json!({ "name": "مشروع المنارة البحرية الكبرى للملاحة والأرصاد الجوية", "slug": "lighthouse" });
    api.create("/projects", project).await;
    let browser = open(&server, "/projects/lighthouse").await;
    // The first letters are in sight: the box that is too narrow for all of them is cut at its left end.
    let begins = "const name = document.querySelector('.rail-projects .truncate');
        const range = new Range();
        range.setStart(name.firstChild, 0);
        range.setEnd(name.firstChild, 3);
        const [box, first] = [name.getBoundingClientRect(), range.getBoundingClientRect()];
        return name.scrollWidth > name.clientWidth && first.left >= box.left && first.right <= box.right + 1;";
    browser.until("the beginning of the name", begins).await;
}
