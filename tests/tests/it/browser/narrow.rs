//! Screens of 360 px, and windows that are low: a telephone on its side, a page enlarged to 400 %.

use serde_json::{Value, json};
use tests::{Browser, api::id};

use super::{card, empty, open, ready};

#[tokio::test]
async fn the_current_tab_is_in_sight_and_the_page_stays_where_it_is() {
    let server = empty();
    server.api().project("Website").await;
    let browser = open(&server, "/projects").await;
    browser.resize(360, 740).await;
    for tab in ["about", "activity", "board"] {
        browser.goto(&format!("/projects/website?tab={tab}")).await;
        ready(&browser).await;
        let in_sight = "const at = (css) => document.querySelector(css).getBoundingClientRect();
            const [row, tab] = [at('.page > .tabs'), at('.tab[aria-current]')];
            return tab.left >= row.left && tab.right <= row.right && tab.width > 0 && scrollY === 0;";
        browser.until(&format!("the tab {tab}"), in_sight).await;
    }
}

#[tokio::test]
async fn a_menu_of_any_field_is_inside_the_window() {
    let server = empty();
    let api = server.api();
    let project = api
        .project("A long name of a project ".repeat(4).trim())
        .await;
    let task = api.task(&project, "Find words").await;
    let browser = open(
        &server,
        &format!("/items/{}", task["key"].as_str().unwrap()),
    )
    .await;
    browser.resize(360, 740).await;
    for field in [
        "Status",
        "Priority",
        "Assignees",
        "Labels",
        "Project",
        "Team",
    ] {
        browser.click(&format!("[data-field={field}] button")).await;
        let inside = "const menu = document.querySelector('.menu')?.getBoundingClientRect();
            return !!menu && menu.left >= 8 && menu.right <= innerWidth - 8 && menu.top >= 0 && menu.bottom <= innerHeight;";
        browser
            .until(&format!("the menu of {field} inside"), inside)
            .await;
        super::press(&browser, thirtyfour::Key::Escape).await;
        browser
            .until("no menu", "return !document.querySelector('.menu')")
            .await;
    }
}

#[tokio::test]
async fn the_bar_at_the_bottom_says_that_an_item_is_among_the_projects() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let task = api.task(&project, "Find words").await;
    let browser = open(&server, "/projects/website").await;
    browser.resize(360, 740).await;
    for path in [
        "/projects/website".to_owned(),
        format!("/items/{}", task["key"].as_str().unwrap()),
    ] {
        browser.goto(&path).await;
        ready(&browser).await;
        browser
            .find_with_text(".bottombar [aria-current=page]", "Projects")
            .await;
    }
}

async fn finger(browser: &Browser, kind: &str, at: Option<(i64, i64)>) {
    let points: Vec<Value> = at.iter().map(|(x, y)| json!({ "x": x, "y": y })).collect();
    let touch = json!({ "type": kind, "touchPoints": points });
    browser.devtools("Input.dispatchTouchEvent", touch).await;
}

async fn middle(browser: &Browser, css: &str) -> (i64, i64) {
    let script = format!(
        "const box = document.querySelector({css:?}).getBoundingClientRect();
         return [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)];"
    );
    serde_json::from_value(browser.eval(&script).await).unwrap()
}

#[tokio::test]
async fn a_finger_on_a_card_swipes_the_board_and_one_that_rests_first_drags_the_card() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let (first, second) = (
        api.task(&project, "First").await,
        api.task(&project, "Second").await,
    );
    let browser = open(&server, "/projects/website").await;
    browser.resize(360, 740).await;
    let touch = json!({ "enabled": true });
    browser
        .devtools("Emulation.setTouchEmulationEnabled", touch)
        .await;
    browser.goto("/projects/website").await;
    ready(&browser).await;
    browser.find(&card(&first)).await;

    let (x, y) = middle(&browser, &card(&first)).await;
    finger(&browser, "touchStart", Some((x, y))).await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let (_, below) = middle(&browser, &card(&second)).await;
    for step in 1..=10 {
        let at = (x, y + (below + 40 - y) * step / 10);
        finger(&browser, "touchMove", Some(at)).await;
    }
    finger(&browser, "touchEnd", None).await;
    let order = "return [...document.querySelectorAll('.card-title')].map((title) => title.textContent).join()";
    browser
        .until("the order", &format!("{order} === 'Second,First'"))
        .await;

    let right = x + 120;
    finger(&browser, "touchStart", Some((right, y))).await;
    for step in 1..=11 {
        finger(&browser, "touchMove", Some((right - 20 * step, y))).await;
    }
    finger(&browser, "touchEnd", None).await;
    let swiped = "return document.querySelector('.board').scrollLeft > 100";
    browser.until("the board swiped", swiped).await;
}

#[tokio::test]
async fn a_low_window_leaves_every_list_room_and_scrolls_the_page() {
    let server = empty();
    let api = server.api();
    let project = api
        .project("A long name of a project ".repeat(4).trim())
        .await;
    let task = api.task(&project, "First").await;
    api.patch(
        &format!("/items/{}", id(&task)),
        json!({ "due": "2030-01-01" }),
    )
    .await
    .expect(200);
    let path = format!("/projects/{}", project["slug"].as_str().unwrap());
    let browser = open(&server, &path).await;
    for (width, height) in [(320, 256), (740, 360)] {
        browser.resize(width, height).await;
        for tab in ["board", "backlog", "timeline"] {
            browser.goto(&format!("{path}?tab={tab}")).await;
            ready(&browser).await;
            let room = "const list = document.querySelector('.page-panel .virtual');
                const page = document.querySelector('main');
                const header = document.querySelector('.page-header');
                return !!list && list.clientHeight >= 150 && page.scrollHeight > page.clientHeight
                    && header.clientHeight < 120 && document.documentElement.scrollWidth <= innerWidth;";
            browser
                .until(&format!("room on {tab}, {width} × {height}"), room)
                .await;
        }
    }
}

#[tokio::test]
async fn one_toast_at_a_time_is_shown_and_lies_behind_what_is_opened() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let tasks = [
        api.task(&project, "First").await,
        api.task(&project, "Second").await,
    ];
    let browser = open(&server, "/projects/website").await;
    browser.resize(360, 740).await;
    for task in &tasks {
        browser.click(&card(task)).await;
        browser.click_text(".drawer button", "Delete task").await;
        let gone =
            "return !document.querySelector('.drawer') && !!document.querySelector('.toast')";
        browser.until("the toast", gone).await;
        // Whoever reads them keeps them.
        let read = "document.querySelector('.toasts').dispatchEvent(new FocusEvent('focusin', { bubbles: true }))";
        browser.eval(read).await;
    }
    let one = "const seen = [...document.querySelectorAll('.toast')].filter((toast) => toast.getClientRects().length);
        return seen.length === 1 && seen[0].getBoundingClientRect().bottom < innerHeight / 2
            && document.querySelector('.toasts').dataset.more === 'and 1 more';";
    browser.until("one toast, above", one).await;
    browser.click(".pill").await;
    browser.find(".popover").await;
    let clear = "const box = document.querySelector('.popover').getBoundingClientRect();
        const at = [[box.left + 20, box.top + 10], [box.right - 20, box.bottom - 10]];
        return at.every(([x, y]) => document.elementFromPoint(x, y).closest('.popover'));";
    browser.until("nothing over the panel", clear).await;
}
