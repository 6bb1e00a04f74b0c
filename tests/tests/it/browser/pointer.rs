//! Dragging with a pointer.

use serde_json::json;
use tests::api::id;

use super::{card, card_in, empty, open, served};

#[tokio::test]
async fn a_card_is_dragged_to_another_column_and_above_another_card() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let (first, second) = (
        api.task(&project, "First").await,
        api.task(&project, "Second").await,
    );
    let browser = open(&server, "/projects/website").await;
    let from = browser.find(&card(&first)).await;
    let to = browser.find("[data-status=in_progress] .virtual").await;
    let chain = browser.driver().action_chain();
    let dragged = chain
        .move_to_element_center(&from)
        .click_and_hold()
        .move_by_offset(20, 20);
    dragged
        .move_to_element_center(&to)
        .release()
        .perform()
        .await
        .unwrap();
    browser.find(&card_in(&first, "in_progress")).await;
    served(&server, &format!("/items/{}", id(&first)), |item| {
        item["status"] == "in_progress"
    })
    .await;
    assert_eq!(browser.count(".drawer").await, 0, "a drag is no click");

    let (from, to) = (
        browser.find(&card(&second)).await,
        browser.find(&card(&first)).await,
    );
    let chain = browser.driver().action_chain();
    let dragged = chain
        .move_to_element_center(&from)
        .click_and_hold()
        .move_by_offset(20, 20);
    dragged
        .move_to_element_with_offset(&to, 0, -40)
        .release()
        .perform()
        .await
        .unwrap();
    browser.find(&card_in(&second, "in_progress")).await;
    let script = "return [...document.querySelectorAll('[data-status=in_progress] .card-title')].map(t => t.textContent).join()";
    browser
        .until("the order", &format!("{} === 'Second,First'", script))
        .await;
}

#[tokio::test]
async fn a_task_is_dragged_into_a_feature_in_the_tree() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let feature = json!({ "kind": "feature", "title": "A front page", "project": id(&project) });
    let feature = api.create("/items", feature).await;
    let task = api.task(&project, "Find words").await;
    let browser = open(&server, "/projects/website?tab=backlog").await;
    let row = |item| format!("#row-{}", id(item));
    let (from, to) = (
        browser.find(&row(&task)).await,
        browser.find(&row(&feature)).await,
    );
    let chain = browser.driver().action_chain();
    let dragged = chain
        .move_to_element_center(&from)
        .click_and_hold()
        .move_by_offset(10, -12);
    dragged
        .move_to_element_center(&to)
        .release()
        .perform()
        .await
        .unwrap();
    served(&server, &format!("/items/{}", id(&task)), |item| {
        item["parent"] == feature["id"]
    })
    .await;
    browser
        .find(&format!("{}[aria-level='2']", row(&task)))
        .await;
}

#[tokio::test]
async fn several_selected_tasks_are_changed_at_once_and_undone_at_once() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let tasks = [
        api.task(&project, "First").await,
        api.task(&project, "Second").await,
    ];
    let browser = open(&server, "/projects/website").await;
    for task in &tasks {
        let card = browser.find(&card(task)).await;
        let chain = browser
            .driver()
            .action_chain()
            .key_down(thirtyfour::Key::Control);
        chain
            .click_element(&card)
            .key_up(thirtyfour::Key::Control)
            .perform()
            .await
            .unwrap();
    }
    browser.find_with_text(".selection-bar", "2 selected").await;
    browser.click_text(".selection-bar button", "Status").await;
    browser.click_text(".menu-option", "Todo").await;
    for task in &tasks {
        browser.find(&card_in(task, "todo")).await;
    }
    super::press_with(&browser, thirtyfour::Key::Control, "z").await;
    for task in &tasks {
        browser.find(&card_in(task, "backlog")).await;
    }
}

#[tokio::test]
async fn a_menu_opens_beside_its_button_and_gives_the_focus_back() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    api.task(&project, "First").await;
    let browser = open(&server, "/projects/website").await;
    for button in [
        "[aria-label='More actions']",
        ".card [aria-label^='Priority']",
    ] {
        browser.click(button).await;
        browser.find(".menu").await;
        let script = format!(
            "const menu = document.querySelector('.menu').getBoundingClientRect(); \
             const button = document.querySelector(\"{button}\").getBoundingClientRect(); \
             return Math.abs(menu.top - button.bottom) < 8 && menu.left <= button.right + 4 && menu.right >= button.left - 4"
        );
        browser.until("the menu beside its button", &script).await;
        super::press(&browser, thirtyfour::Key::Escape).await;
        let focused =
            format!("return document.activeElement === document.querySelector(\"{button}\")");
        browser.until("the focus on the button", &focused).await;
    }
}
