//! People in browsers: who they are, and how they sign in. And what they do with their tokens.

use serde_json::{Value, json};
use tests::{Browser, api::id, wait::until};
use thirtyfour::Key;

use super::{app, press, press_with, ready};
pub(super) use crate::access::{PASSWORD, Place};

/// A server of the app in which everybody has to sign in, and its owner.
pub(super) async fn place() -> Place {
    let app = app();
    let args: Vec<&str> = app.iter().map(String::as_str).collect();
    Place::with(&args).await
}

/// Signs in on the page that asks for it, which then is the one that was wanted.
pub(super) async fn sign_in(browser: &Browser, email: &str) {
    browser.fill("#email", email).await;
    browser.fill("#password", PASSWORD).await;
    browser
        .until(
            "the button",
            "return !document.querySelector('button[type=submit]').disabled",
        )
        .await;
    browser.click("button[type=submit]").await;
    ready(browser).await;
}

/// A browser in which somebody has signed in to see a page.
pub(super) async fn signed_in(place: &Place, path: &str, email: &str) -> Browser {
    let browser = Browser::open_at(place.server.address(), path).await;
    sign_in(&browser, email).await;
    browser
}

#[tokio::test]
async fn a_token_is_made_used_and_revoked() {
    let place = place().await;
    let project = place.owner.project("Website").await;
    let browser = signed_in(&place, "/account?tab=tokens", "owner@example.org").await;
    browser.click_text("button", "New token").await;
    browser.fill("#token-name", "Dashboard in the hall").await;
    let scope = browser.find("#token-scope").await;
    scope.send_keys("In the project Website").await.unwrap();
    browser.click(".dialog button[type=submit]").await;
    browser.find(".shown-once").await;
    browser.sees("curl http://").await;
    let secret = browser
        .eval("return document.querySelector('.shown-once input').value")
        .await;
    let program = place.server.api().bearer(secret.as_str().unwrap());
    let projects = program.get("/projects").await.expect(200);
    assert_eq!(id(&projects["items"][0]), id(&project));
    program.get("/organization").await.problem(404, "not_found");
    browser
        .find_with_text(".entry", "the project Website")
        .await;
    browser.find_with_text(".entry", "last used just now").await;
    browser.click_text(".entry button", "Revoke").await;
    browser.click_text(".dialog button", "Revoke").await;
    browser.sees("No tokens yet.").await;
    program
        .get("/projects")
        .await
        .problem(401, "not_authenticated");
}

#[tokio::test]
async fn what_becomes_mine_is_told_on_pages_that_are_about_something_else() {
    let place = place().await;
    let member = place.person("member").await;
    let me = member.get("/account").await.expect(200)["member"]["id"].clone();
    let project = place.owner.project("Website").await;
    let task = place.owner.task(&project, "Write the front page").await;
    let browser = signed_in(&place, "/account", "the-member@example.org").await;
    let path = format!("/items/{}", id(&task));
    let key = task["key"].as_str().unwrap();
    let mine = json!({ "assignees": [me] });
    place.owner.patch(&path, mine).if_match(1).await.expect(200);
    browser
        .find_with_text(".toast", &format!("gave you {key}"))
        .await;
    let comment = json!({ "body": "By Friday, please." });
    let path = format!("{path}/comments");
    place.owner.post(&path, comment).await.expect(201);
    browser
        .find_with_text(".toast", &format!("commented on {key}"))
        .await;
}

#[tokio::test]
async fn the_audit_says_who_did_what() {
    let place = place().await;
    place.owner.project("Website").await;
    let browser = signed_in(&place, "/account?tab=audit", "owner@example.org").await;
    browser
        .find_with_text(".entry", "Ada project.created")
        .await;
    browser.find_with_text(".entry", "session.started").await;
    place.person("member").await;
    let accounts = place.owner.get("/accounts").await.expect(200);
    let accounts = accounts["items"].as_array().unwrap();
    let theirs = accounts.iter().find(|account| account["role"] == "member");
    let path = format!("/accounts/{}", id(theirs.unwrap()));
    let role = json!({ "role": "viewer" });
    place.owner.patch(&path, role).await.expect(200);
    browser.goto("/account?tab=audit").await;
    browser
        .find_with_text(".entry", "account.updated the-member is a viewer now")
        .await;
}

/// More entries than one page of the audit has.
const ENTRIES: usize = 220;

#[tokio::test]
async fn the_whole_audit_is_saved_as_lines_of_json() {
    let place = place().await;
    for n in 0..ENTRIES {
        place.owner.project(&format!("Project {n}")).await;
    }
    let browser = signed_in(&place, "/account?tab=audit", "owner@example.org").await;
    let folder = tempfile::tempdir().unwrap();
    let allow = json!({ "behavior": "allow", "downloadPath": folder.path() });
    browser.devtools("Browser.setDownloadBehavior", allow).await;
    browser.click_text("button", "Export as NDJSON").await;
    let saved = until("the file", async || {
        std::fs::read_to_string(folder.path().join("audit.ndjson")).ok()
    })
    .await;
    let entries: Vec<Value> = saved
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    let of = |action: &str| {
        entries
            .iter()
            .filter(|entry| entry["action"] == action)
            .count()
    };
    assert_eq!(of("project.created"), ENTRIES);
    assert!(of("session.started") >= 1, "of who signed in");
}

#[tokio::test]
async fn somebody_whose_account_is_removed_is_out_and_cannot_come_back() {
    let place = place().await;
    let member = place.person("member").await;
    place.owner.project("Website").await;
    let theirs = signed_in(&place, "/projects/website", "the-member@example.org").await;
    let browser = signed_in(&place, "/account?tab=people", "owner@example.org").await;
    browser
        .click("[aria-label='Remove the-member@example.org']")
        .await;
    browser.click_text(".dialog button", "Remove").await;
    browser.sees_no_more("the-member@example.org").await;
    theirs.find("#password").await;
    member
        .get("/projects")
        .await
        .problem(401, "not_authenticated");
    theirs.fill("#email", "the-member@example.org").await;
    theirs.fill("#password", PASSWORD).await;
    theirs.click("button[type=submit]").await;
    theirs.sees("The address or the password is wrong.").await;
}

#[tokio::test]
async fn a_secret_that_is_shown_once_can_be_copied() {
    let place = place().await;
    let browser = signed_in(&place, "/account?tab=tokens", "owner@example.org").await;
    browser.click_text("button", "New token").await;
    browser.fill("#token-name", "A program").await;
    browser.click(".dialog button[type=submit]").await;
    browser.find(".shown-once").await;
    let secret = browser
        .eval("return document.querySelector('.shown-once input').value")
        .await;
    browser.click_text(".shown-once button", "Copy").await;
    browser.find_with_text(".shown-once", "Copied").await;
    browser.click_text(".shown-once button", "Done").await;
    browser.click_text("button", "New token").await;
    browser.click("#token-name").await;
    press_with(&browser, Key::Control, "v").await;
    let pasted = browser
        .eval("return document.querySelector('#token-name').value")
        .await;
    assert_eq!(pasted, secret);
}

#[tokio::test]
async fn a_role_is_given_only_when_that_was_meant() {
    let place = place().await;
    place.person("member").await;
    let role = async || {
        let accounts = place.owner.get("/accounts").await.expect(200);
        let accounts = accounts["items"].as_array().unwrap().clone();
        let theirs = |account: &&Value| account["email"] == "the-member@example.org";
        accounts.iter().find(theirs).unwrap()["role"].clone()
    };
    let browser = signed_in(&place, "/account?tab=people", "owner@example.org").await;
    let select = "select[aria-label='Role of the-member@example.org']";
    let shows =
        |role: &str| format!("return document.querySelector(\"{select}\").value === '{role}'");
    browser.find(select).await;
    for (button, then) in [("Cancel", "member"), ("Make an admin", "admin")] {
        browser
            .eval(&format!("document.querySelector(\"{select}\").focus()"))
            .await;
        press(&browser, Key::Up).await;
        browser.find_with_text(".dialog", "an admin?").await;
        browser.sees("Admins may").await;
        assert_eq!(role().await, "member");
        browser.click_text(".dialog button", button).await;
        browser.until("the role", &shows(then)).await;
        until("the role at the server", async || {
            (role().await == then).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn the_focus_stays_in_a_list_when_what_had_it_goes() {
    let place = place().await;
    let browser = signed_in(&place, "/account?tab=tokens", "owner@example.org").await;
    let is_at = "return document.activeElement.tagName === 'H2'";
    browser.click_text("button", "New token").await;
    browser.fill("#token-name", "A program").await;
    browser.click(".dialog button[type=submit]").await;
    browser.click_text(".shown-once button", "Done").await;
    browser.until("the focus at the heading", is_at).await;
    browser.click_text(".entry button", "Revoke").await;
    browser.click_text(".dialog button", "Revoke").await;
    browser.sees("No tokens yet.").await;
    browser.until("the focus at the heading", is_at).await;

    browser.goto("/account?tab=people").await;
    ready(&browser).await;
    browser.fill("#invite-email", "grace@example.org").await;
    browser.click_text("button", "Invite").await;
    browser.click_text(".shown-once button", "Done").await;
    browser.until("the focus at the heading", is_at).await;
    browser.click_text("button", "Take back").await;
    browser.sees("No invitation is open.").await;
    browser.until("the focus at the heading", is_at).await;
}

#[tokio::test]
async fn a_form_goes_to_the_field_that_is_wrong() {
    let place = place().await;
    let browser = signed_in(&place, "/account?tab=sessions", "owner@example.org").await;
    let is_at = |field: &str| format!("return document.activeElement.id === '{field}'");
    browser.fill("#current", PASSWORD).await;
    browser.fill("#new", "short").await;
    browser.click_text("button", "Change password").await;
    browser.until("the focus at the field", &is_at("new")).await;
    browser.fill("#current", "something else").await;
    browser.fill("#new", "long enough for a password").await;
    browser.click_text("button", "Change password").await;
    browser
        .find_with_text("#current-hint", "This is not your password now.")
        .await;
    browser
        .until("the focus at the field", &is_at("current"))
        .await;
    assert_eq!(browser.count(".call-why").await, 0);
}

#[tokio::test]
async fn what_others_do_is_told_as_what_it_is_and_still_after_a_reload() {
    let place = place().await;
    let api = &place.owner;
    let one = api.project("Website").await;
    let two = api.project("Harbour").await;
    let task = api.task(&one, "Find words").await;
    place.person("viewer").await;
    let browser = signed_in(&place, "/projects/website", "the-viewer@example.org").await;
    let path = format!("/items/{}", id(&task));
    let there = json!({ "project": two["id"] });
    let moved = api.patch(&path, there).if_match(1).await.expect(200);
    let told = format!(
        "moved {} Find words to Harbour",
        moved["key"].as_str().unwrap()
    );
    browser.find_with_text(".toast", &told).await;
    let project = format!("/projects/{}", id(&two));
    for (version, archived) in [(1, true), (2, false)] {
        let patch = json!({ "archived": archived });
        let answer = api.patch(&project, patch).if_match(version).await;
        answer.expect(200);
    }
    let last = "took Harbour out of the archive";
    browser.find("[aria-label='Notifications, 3 new']").await;

    browser.reload().await;
    ready(&browser).await;
    browser.click("[aria-label^=Notifications]").await;
    browser.find_with_text(".notice-row", last).await;
    browser.find_with_text(".notice-row", &told).await;
}

#[tokio::test]
async fn what_others_do_in_the_organizations_own_backlog_is_told_there() {
    let place = place().await;
    place.person("viewer").await;
    let path = "/projects?tab=own";
    let browser = signed_in(&place, path, "the-viewer@example.org").await;
    let task = json!({ "kind": "task", "title": "Rent an office" });
    place.owner.create("/items", task).await;
    browser.find_with_text(".toast", "Rent an office").await;
}

#[tokio::test]
async fn the_activity_names_what_the_page_has_not_loaded() {
    let place = place().await;
    let api = &place.owner;
    let project = api.project("Website").await;
    let task = api.task(&project, "Find words").await;
    let path = format!("/items/{}/comments", id(&task));
    let key = task["key"].as_str().unwrap();
    api.create(&path, json!({ "body": "By Friday" })).await;
    let browser = signed_in(&place, "/dashboard", "owner@example.org").await;
    browser
        .find_with_text(".activity-row", &format!("commented on {key} Find words"))
        .await;
}

#[tokio::test]
async fn a_draft_is_still_there_after_a_reload_and_after_signing_in_again_as_the_same_person() {
    let place = place().await;
    place.person("member").await;
    let project = place.owner.project("Website").await;
    let task = place.owner.task(&project, "Find words").await;
    let path = format!("/items/{}", task["key"].as_str().unwrap());
    let comment = "[aria-label='New comment']";
    let browser = signed_in(&place, &path, "owner@example.org").await;
    let has = async |text: &str| {
        browser.find(comment).await;
        let script = format!("return document.querySelector(\"{comment}\").value === '{text}'");
        browser.until("the comment", &script).await;
    };
    browser.fill(comment, "Half a thought").await;
    browser.reload().await;
    has("Half a thought").await;
    for (email, text) in [
        ("the-member@example.org", ""),
        ("owner@example.org", "Half a thought"),
    ] {
        browser
            .eval("return fetch('/api/v1/session', { method: 'DELETE' }).then(() => 1)")
            .await;
        browser.goto(&path).await;
        browser.find("#password").await;
        sign_in(&browser, email).await;
        has(text).await;
    }
    browser.click_text(".editor button", "Comment").await;
    browser.find_with_text(".comment", "Half a thought").await;
    browser.reload().await;
    browser.find_with_text(".comment", "Half a thought").await;
    has("").await;
}
