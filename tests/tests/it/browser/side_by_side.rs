//! Two browsers side by side: what one does, the other sees, without a reload.

use serde_json::json;
use tests::api::id;
use thirtyfour::Key;

use super::{
    card, card_in, choose, empty, key, open, pair, press, press_with, ready, rewrite, served,
};

#[tokio::test]
async fn a_project_made_in_one_browser_appears_in_the_other_with_a_toast_that_leads_to_it() {
    let server = empty();
    let (one, other) = pair(&server, "/projects").await;
    one.click_text("button", "New project").await;
    one.fill("#project-name", "Harbour lights").await;
    press(&one, Key::Enter).await;
    one.find_with_text(".project-card", "Harbour lights").await;
    other
        .find_with_text(".project-card", "Harbour lights")
        .await;
    other.click_text(".toast a", "Harbour lights").await;
    other.find_with_text("h1", "Harbour lights").await;
    assert_eq!(other.path().await, "/projects/harbour-lights");

    // And back: what the other one does, the first one sees.
    rewrite(&other, "h1 .inline-edit", "Harbour lamps").await;
    one.find_with_text(".project-card", "Harbour lamps").await;
    choose(&other, "[aria-label='More actions']", "Archive").await;
    one.find_with_text(".segmented button", "Archived 1").await;
    choose(&other, "[aria-label='More actions']", "Take out").await;
    one.find_with_text(".project-card", "Harbour lamps").await;
    choose(&other, "[aria-label='More actions']", "Delete").await;
    other.click(".dialog .button-danger").await;
    one.until(
        "no project",
        "return !document.querySelector('.project-card')",
    )
    .await;
    press_with(&other, Key::Control, "z").await;
    one.find_with_text(".project-card", "Harbour lamps").await;
}

#[tokio::test]
async fn the_counts_of_a_project_follow_what_happens_in_it() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let task = api.task(&project, "Write the front page").await;
    let browser = open(&server, "/projects").await;
    browser.find_with_text(".project-card", "0 %").await;
    api.patch(
        &format!("/items/{}", id(&task)),
        json!({ "status": "done" }),
    )
    .await
    .expect(200);
    browser.find_with_text(".project-card", "100 %").await;
}

#[tokio::test]
async fn tasks_made_moved_renamed_and_deleted_in_one_browser_change_in_the_other() {
    let server = empty();
    let project = server.api().project("Website").await;
    let (one, other) = pair(&server, "/projects/website").await;
    one.press("c").await;
    one.fill("#new-title", "Write the front page").await;
    press(&one, Key::Enter).await;
    let path = format!("/items?project={}", id(&project));
    let items = served(&server, &path, |items| {
        items["items"]
            .as_array()
            .is_some_and(|items| items.len() == 1)
    })
    .await;
    let task = items["items"][0].clone();
    other.find(&card_in(&task, "backlog")).await;

    // The other one moves it by keyboard.
    other.press("j").await;
    other
        .until(
            "focus",
            "return document.activeElement.classList.contains('card')",
        )
        .await;
    press_with(&other, Key::Shift, &key(Key::Right)).await;
    one.find(&card_in(&task, "todo")).await;

    one.click(&card(&task)).await;
    rewrite(&one, ".drawer .item-title", "Write a better front page").await;
    other
        .find_with_text(".card", "Write a better front page")
        .await;
    one.click_text(".drawer button", "Delete task").await;
    other
        .until("no card", "return !document.querySelector('.card')")
        .await;
    press_with(&one, Key::Control, "z").await;
    other
        .find_with_text(".card", "Write a better front page")
        .await;
}

#[tokio::test]
async fn epics_and_features_grow_in_the_other_browsers_tree_with_their_progress() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let (one, other) = pair(&server, "/projects/website?tab=backlog").await;
    one.press("c").await;
    one.click_text(".dialog [role=radio]", "Epic").await;
    one.fill("#new-title", "A front page").await;
    press(&one, Key::Enter).await;
    other.find_with_text(".tree-row", "A front page").await;
    other.click_text(".tree-row", "A front page").await;
    other
        .fill(".drawer [aria-label='New feature']", "A headline")
        .await;
    press(&other, Key::Enter).await;
    one.find_with_text(".tree-row[aria-level='2']", "A headline")
        .await;

    let path = format!("/items?kind=feature&project={}", id(&project));
    let feature =
        served(&server, &path, |items| !items["items"][0].is_null()).await["items"][0].clone();
    let task = json!({ "kind": "task", "title": "Find words", "project": id(&project), "parent": id(&feature), "status": "done" });
    api.create("/items", task).await;
    one.find_with_text(".tree-row[data-kind=epic]", "100 %")
        .await;
}

#[tokio::test]
async fn teams_and_who_is_in_them_follow_in_the_other_browser() {
    let server = empty();
    let api = server.api();
    api.project("Website").await;
    api.member("Ada Byron").await;
    let (one, other) = pair(&server, "/projects/website/teams").await;
    one.click_text("button", "Create a team").await;
    one.fill("#team-name", "Front of house").await;
    press(&one, Key::Enter).await;
    other
        .find_with_text(".project-card", "Front of house")
        .await;
    other.click_text(".project-card a", "Front of house").await;
    other.click_text(".tab", "Members").await;
    other.click_text("button", "Add members").await;
    other.click_text(".menu-option", "Ada Byron").await;
    press(&other, Key::Escape).await;
    one.find_with_text(".project-card", "Members: Ada Byron")
        .await;

    one.goto("/projects/website/teams/front-of-house?tab=members")
        .await;
    one.click("[aria-label='Take Ada Byron out of the team']")
        .await;
    other.sees("Nobody is in this team yet").await;
    choose(&one, "[aria-label='More actions']", "Delete team").await;
    one.click(".dialog .button-danger").await;
    other.sees("This team was deleted by").await;
    other.click_text("button", "Restore the team").await;
    one.find_with_text(".project-card", "Front of house").await;
}

#[tokio::test]
async fn members_made_renamed_and_removed_follow_in_the_other_browser() {
    let server = empty();
    let (one, other) = pair(&server, "/members").await;
    one.click_text("button", "AI member").await;
    one.fill("#member-name", "Probe").await;
    press(&one, Key::Enter).await;
    other.find_with_text(".member-card", "Probe").await;
    assert_eq!(
        other.count(".member-card .avatar[data-kind=agent]").await,
        1
    );
    other.click_text(".member-card a", "Probe").await;
    other.find_with_text("h1", "Probe").await;
    one.click_text(".member-card a", "Probe").await;
    rewrite(
        &other,
        ".page-heading .inline-edit[data-empty=true]",
        "Test engineer",
    )
    .await;
    one.sees("Test engineer").await;
    choose(&one, "[aria-label='More actions']", "Remove member").await;
    one.click(".dialog .button-danger").await;
    other.sees("This member was deleted by").await;
}

#[tokio::test]
async fn the_organization_is_renamed_for_everybody_and_that_can_be_undone() {
    let server = empty();
    let before = server.api().get("/organization").await.expect(200);
    let before = before["name"].as_str().unwrap();
    let (one, other) = pair(&server, "/account").await;
    rewrite(
        &one,
        "[aria-label^='Name of the organization']",
        "Analytical Engines",
    )
    .await;
    other
        .find_with_text(".rail-organization", "Analytical Engines")
        .await;
    other
        .find_with_text(".toast", "changed the organization")
        .await;
    let is_new = |organization: &serde_json::Value| organization["name"] == "Analytical Engines";
    served(&server, "/organization", is_new).await;
    press_with(&one, Key::Control, "z").await;
    other.find_with_text(".rail-organization", before).await;
    one.find_with_text(".rail-organization", before).await;
}

#[tokio::test]
async fn comments_and_acceptance_follow_in_the_other_browser() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let task = api.task(&project, "Write the front page").await;
    let (one, other) = pair(
        &server,
        &format!("/items/{}", task["key"].as_str().unwrap()),
    )
    .await;
    one.fill("[aria-label='New comment']", "Who has the **logo**?")
        .await;
    press_with(&one, Key::Control, &key(Key::Enter)).await;
    other.find_with_text(".comment strong", "logo").await;
    other.fill("[aria-label='New comment']", "Ada has.").await;
    press_with(&other, Key::Control, &key(Key::Enter)).await;
    one.find_with_text(".comment", "Ada has.").await;

    one.click_text(".comment button", "").await;
    one.fill(".comment textarea", "Who has the new logo?").await;
    press_with(&one, Key::Control, &key(Key::Enter)).await;
    other.find_with_text(".comment", "the new logo?").await;
    other.click("[aria-label^='Delete comment']").await;
    one.sees_no_more("the new logo?").await;

    one.fill(
        "[aria-label='New acceptance criterion']",
        "It says what we do",
    )
    .await;
    press(&one, Key::Enter).await;
    other
        .find_with_text(".criterion", "It says what we do")
        .await;
    other.click(".criterion .checkbox").await;
    one.find(".criterion[data-done=true]").await;
}

#[tokio::test]
async fn a_page_that_is_open_when_its_project_is_deleted_says_who_did_it_and_takes_it_back() {
    let server = empty();
    let api = server.api();
    let project = api.project("Website").await;
    let browser = open(&server, "/projects/website").await;
    api.delete(&format!("/projects/{}", id(&project)))
        .await
        .expect(204);
    browser.sees("This project was deleted by").await;
    browser.click_text("button", "Restore the project").await;
    browser.find(".board").await;
    ready(&browser).await;
}

#[tokio::test]
async fn one_who_has_a_page_open_in_two_browsers_is_told_so_in_both() {
    let server = empty();
    server.api().project("Website").await;
    let (one, other) = pair(&server, "/projects/website").await;
    one.find_with_text(".topbar-places", "You, in 2 places")
        .await;
    other
        .find_with_text(".topbar-places", "You, in 2 places")
        .await;
    other.click_text("a", "Members").await;
    one.until(
        "only one place",
        "return !document.querySelector('.topbar-places')",
    )
    .await;
}
