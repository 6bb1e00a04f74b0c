//! What a person decides: to accept, to reject with a reason, to answer.

use serde_json::json;
use tests::api::id;

use super::{
    super::{key, open, press_with, served},
    page_of, state, working,
};
use crate::agents::{agent, item, run_in, task};
use thirtyfour::Key;

#[tokio::test]
async fn a_review_is_rejected_with_a_reason_that_the_next_attempt_has_and_then_accepted() {
    let server = working("100000");
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["awaiting_review"]).await;
    let browser = open(&server, &page_of(&run)).await;
    browser
        .click_text("[aria-label=Review] button", "Reject")
        .await;
    browser
        .fill("[aria-label=Reason]", "The second field is missing")
        .await;
    press_with(&browser, Key::Control, &key(Key::Enter)).await;
    browser
        .find_with_text(".run-reason", "The second field is missing")
        .await;
    browser.click_text(".notice a", "See attempt 2").await;
    browser.find_with_text(".run-heading", "attempt 2").await;
    browser.find(&state("awaiting_review")).await;
    browser
        .click_text("[aria-label=Review] button", "Accept")
        .await;
    browser.find(&state("accepted")).await;
    assert_eq!(item(&api, &task).await["status"], "done");
    assert_eq!(browser.count("[aria-label=Attempts] li").await, 2);
    // Its page lists both, and what comes of a run meanwhile.
    browser.goto("/members/scout?tab=runs").await;
    let before = "[aria-label='Done before'] .item-row";
    browser.find_with_text(before, "Attempt 2").await;
    assert_eq!(browser.count(before).await, 2);
    let open = json!({ "status": "todo" });
    api.patch(&format!("/items/{}", id(&task)), open)
        .await
        .expect(200);
    // An item that is opened again is worked again.
    let third = run_in(&api, &task, &["awaiting_review"]).await;
    api.post(&format!("/runs/{}/accept", id(&third)), json!({}))
        .await
        .expect(200);
    let third = format!("{before}[href='/runs/{}']", id(&third));
    browser.find(&third).await;
    assert_eq!(browser.count(before).await, 3);
}

#[tokio::test]
async fn who_must_ask_before_it_uses_a_tool_is_answered_from_a_toast() {
    let server = working("100000");
    let api = server.api();
    let browser = open(&server, "/dashboard").await;
    let profile = json!({ "tools": { "post_comment": "ask" } });
    let scout = agent(&api, "Scout", profile).await;
    let task = task(&api, "Sign in", &scout).await;
    browser
        .find_with_text(
            "[aria-label='Waiting for you'] .item-row",
            "May I use post_comment?",
        )
        .await;
    browser.click_text(".toast a", "asks something").await;
    browser.find_with_text(".run-call pre", "Working on").await;
    browser.click_text(".run-call button", "Let it").await;
    browser
        .find_with_text(".log-fold summary", "1 answered on the way")
        .await;
    let has_commented = |item: &serde_json::Value| item["comments"] == 1;
    served(&server, &format!("/items/{}", id(&task)), has_commented).await;
}

#[tokio::test]
async fn a_question_of_a_worker_elsewhere_is_answered_in_words_and_why_a_run_waits_is_told() {
    let server = working("100000");
    let api = server.api();
    let scout = agent(&api, "Scout", json!({ "provider": "elsewhere" })).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["queued"]).await;
    let browser = open(&server, &page_of(&run)).await;
    browser
        .find_with_text(".run-waits", "no such provider")
        .await;
    let claimed = api
        .post("/runs/claim", json!({ "member": "scout" }))
        .await
        .expect(200);
    browser.find(&state("running")).await;
    let ask = json!({ "fence": claimed["fence"], "question": "Which of the **two** forms?" });
    api.post(&format!("/runs/{}/ask", id(&run)), ask)
        .await
        .expect(200);
    browser.find_with_text(".run-call strong", "two").await;
    browser.fill("[aria-label=Answer]", "The second.").await;
    press_with(&browser, Key::Control, &key(Key::Enter)).await;
    browser.find(&state("queued")).await;
    let is_answered = |run: &serde_json::Value| run["exchanges"][0]["answer"] == "The second.";
    served(&server, &page_of(&run), is_answered).await;
}

#[tokio::test]
async fn a_run_is_stopped_and_tried_again() {
    let server = working("1");
    let api = server.api();
    let scout = agent(&api, "Scout", json!({ "auto_start": false })).await;
    let epic = api
        .create("/items", json!({ "kind": "epic", "title": "Launch" }))
        .await;
    let start = json!({ "member": id(&scout) });
    let run = api
        .post(&format!("/items/{}/runs", id(&epic)), start)
        .await
        .expect(201);
    let browser = open(&server, &page_of(&run)).await;
    browser.click_text(".page-actions button", "Stop").await;
    browser.find(&state("cancelled")).await;
    browser
        .click_text(".page-actions button", "Try again")
        .await;
    browser.click_text(".notice a", "See attempt 2").await;
    browser.find_with_text(".run-heading", "attempt 2").await;
}
