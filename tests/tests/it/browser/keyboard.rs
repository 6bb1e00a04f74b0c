//! Everything by keyboard: no pointer is used here.

use tests::api::id;
use thirtyfour::Key;

use super::{card_in, empty, key, open, press, press_with, ready, served};

#[tokio::test]
async fn a_project_and_its_tasks_can_be_made_moved_assigned_and_undone_by_keyboard_alone() {
    let server = empty();
    let browser = open(&server, "/dashboard").await;
    browser.press("g").await;
    browser.press("p").await;
    browser.find_with_text("h1", "Projects").await;
    browser.press("c").await;
    browser.find("#project-name").await;
    browser.press("Website").await;
    press(&browser, Key::Enter).await;
    browser.find_with_text(".project-card", "Website").await;
    let projects = served(&server, "/projects", |projects| {
        !projects["items"][0].is_null()
    })
    .await;
    let project = projects["items"][0].clone();

    press_with(&browser, Key::Control, "k").await;
    browser.find(".palette input").await;
    browser.press("Website").await;
    browser
        .find_with_text(".palette [data-active=true]", "Website")
        .await;
    press(&browser, Key::Enter).await;
    browser.find(".board").await;
    ready(&browser).await;

    for title in ["First", "Second"] {
        browser.press("c").await;
        browser.find("#new-title").await;
        browser.press(title).await;
        press(&browser, Key::Enter).await;
        browser.find_with_text(".card", title).await;
    }
    let path = format!("/items?project={}&sort=key", id(&project));
    let both = served(&server, &path, |items| {
        items["items"]
            .as_array()
            .is_some_and(|items| items.len() == 2)
    })
    .await;
    let first = both["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["title"] == "First")
        .unwrap()
        .clone();

    browser.press("j").await;
    browser.until("the first card", &is_at("First")).await;
    press_with(&browser, Key::Shift, &key(Key::Right)).await;
    browser.find(&card_in(&first, "todo")).await;
    browser
        .until("the focus to go along", &is_at("First"))
        .await;
    browser.press("s").await;
    browser.find(".menu").await;
    press(&browser, Key::Down).await;
    press(&browser, Key::Enter).await;
    browser.find(&card_in(&first, "in_progress")).await;
    browser
        .until("the focus to go along", &is_at("First"))
        .await;
    press_with(&browser, Key::Control, "z").await;
    browser.find(&card_in(&first, "todo")).await;

    press(&browser, Key::Enter).await;
    browser.find(".drawer .item-title").await;
    browser
        .until(
            "the focus in the drawer",
            "return document.querySelector('.drawer').contains(document.activeElement)",
        )
        .await;
    press(&browser, Key::Escape).await;
    browser
        .until("no drawer", "return !document.querySelector('.drawer')")
        .await;
    browser
        .until("the focus to come back", &is_at("First"))
        .await;
}

fn is_at(title: &str) -> String {
    format!("return (document.activeElement.getAttribute('aria-label') || '').includes('{title}')")
}

#[tokio::test]
async fn a_dialog_keeps_the_focus_and_gives_it_back() {
    let server = empty();
    let browser = open(&server, "/projects").await;
    browser.click(".page-actions .button-primary").await;
    browser.find(".dialog").await;
    for _ in 0..12 {
        press(&browser, Key::Tab).await;
        let inside = browser
            .eval("return document.querySelector('.dialog').contains(document.activeElement)")
            .await;
        assert_eq!(inside, true);
    }
    press(&browser, Key::Escape).await;
    browser
        .until(
            "the focus to come back",
            "return document.activeElement.textContent.includes('New project')",
        )
        .await;
}

#[tokio::test]
async fn a_wrong_value_is_told_at_its_field_and_what_was_typed_stays() {
    let server = empty();
    let browser = open(&server, "/projects").await;
    browser.press("c").await;
    browser.fill("#project-name", "Website").await;
    browser.fill("#project-slug", "Not A Slug").await;
    press(&browser, Key::Enter).await;
    browser.find_with_text(".dialog .field-error", "a-z").await;
    browser
        .until(
            "what was typed",
            "return document.querySelector('#project-name').value === 'Website'",
        )
        .await;
}

#[tokio::test]
async fn the_help_shows_the_keys_that_do_something_on_the_page() {
    let server = empty();
    server.api().project("Website").await;
    let browser = open(&server, "/dashboard").await;
    for (path, create, others) in [
        ("/dashboard", false, false),
        ("/projects", true, false),
        ("/projects/website", true, true),
        ("/projects/website/teams", true, false),
    ] {
        browser.goto(path).await;
        ready(&browser).await;
        browser.press("?").await;
        let help = browser.find(".help-keys").await.text().await.unwrap();
        assert!(help.contains("Command bar"), "{path}: {help}");
        assert_eq!(help.contains("Create"), create, "{path}: {help}");
        for what in ["Next, previous", "Move the card", "Open", "Edit", "Assign"] {
            assert_eq!(help.contains(what), others, "{path}: {what}");
        }
    }
}

#[tokio::test]
async fn c_makes_a_team_on_the_page_of_the_teams_and_e_edits_the_name_of_a_member() {
    let server = empty();
    let api = server.api();
    api.project("Website").await;
    let browser = open(&server, "/projects/website/teams").await;
    browser.press("c").await;
    browser.find("#team-name").await;
    let member = api.member("Ada").await;
    browser
        .goto(&format!("/members/{}", member["slug"].as_str().unwrap()))
        .await;
    ready(&browser).await;
    browser.press("e").await;
    browser.find("h1 textarea").await;
}

#[tokio::test]
async fn a_line_of_the_backlog_keeps_the_focus_when_its_move_is_undone() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let first = api.task(&project, "First").await;
    let second = api.task(&project, "Second").await;
    let browser = open(&server, "/projects/website?tab=backlog").await;
    let line = |task: &serde_json::Value| format!("row-{}", id(task));
    browser.find(&format!("#{}", line(&second))).await;
    let order = |above: &serde_json::Value, below: &serde_json::Value| {
        format!(
            "const top = id => document.getElementById(id).getBoundingClientRect().top; \
             return top('{}') < top('{}') && document.activeElement.id === '{}'",
            line(above),
            line(below),
            line(&first)
        )
    };
    let focus = format!("document.getElementById('{}').focus()", line(&first));
    browser.eval(&focus).await;
    press_with(&browser, Key::Shift, &key(Key::Down)).await;
    browser.until("it moved", &order(&second, &first)).await;
    press_with(&browser, Key::Control, "z").await;
    browser.until("it is back", &order(&first, &second)).await;
}
