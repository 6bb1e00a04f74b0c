use serde_json::{Value, json};
use tests::{Server, api::id, wait::until};

use super::{agent, quick, run_in, slow, task};

/// The line of an item's run, once it fits.
async fn line(server: &Server, item: &Value, fits: impl Fn(&Value) -> bool) -> Value {
    let api = server.api();
    until("a line that fits", async || {
        let lines = api.get("/runs/lines").await.expect(200);
        assert_eq!(lines["more"], 0);
        let lines = lines["lines"].as_array().unwrap().clone();
        lines
            .into_iter()
            .find(|line| line["item"] == item["id"])
            .filter(&fits)
    })
    .await
}

#[tokio::test]
async fn a_line_says_what_is_done_right_now_and_then_what_was_handed_in() {
    let server = slow();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let slow = task(&api, "Sign in", &scout).await;
    let said = |line: &Value| line["line"].as_str().unwrap().starts_with("I am taking");
    let told = line(&server, &slow, said).await;
    assert_eq!(
        (
            &told["state"],
            &told["member"],
            &told["key"],
            &told["title"]
        ),
        (
            &json!("running"),
            &scout["id"],
            &slow["key"],
            &json!("Sign in")
        )
    );

    let server = quick();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let done = task(&api, "Sign in", &scout).await;
    let in_review = |line: &Value| line["state"] == "awaiting_review";
    let told = line(&server, &done, in_review).await;
    assert_eq!(told["line"], "Has handed in: Sign in: ready for a look");
    api.post(
        &format!("/runs/{}/accept", told["run"].as_str().unwrap()),
        json!({}),
    )
    .await
    .expect(200);
    let lines = api.get("/runs/lines").await.expect(200);
    assert_eq!(lines["lines"], json!([]), "nothing comes of it any more");
}

#[tokio::test]
async fn a_queued_run_says_what_it_waits_for() {
    let server = quick();
    let api = server.api();
    let waits = |reason: &'static str| move |line: &Value| line["waits_for"] == reason;
    let away = agent(&api, "Away", json!({ "provider": "elsewhere" })).await;
    let first = task(&api, "First", &away).await;
    line(&server, &first, waits("provider")).await;

    let limits = json!({ "running": 1 });
    let one = agent(
        &api,
        "One",
        json!({ "provider": "elsewhere", "limits": limits }),
    )
    .await;
    let second = task(&api, "Second", &one).await;
    let third = task(&api, "Third", &one).await;
    let claimed = api
        .post("/runs/claim", json!({ "member": "one" }))
        .await
        .expect(200);
    let queued = if claimed["item"]["id"] == second["id"] {
        &third
    } else {
        &second
    };
    line(&server, queued, waits("room")).await;

    let budget = json!({ "scope": format!("member:{}", id(&away)), "total": 0 });
    api.request("PUT", "/budgets")
        .json(budget)
        .await
        .expect(200);
    line(&server, &first, waits("budget")).await;
    api.request("PUT", "/agents/switch")
        .json(json!({ "on": false }))
        .await
        .expect(200);
    line(&server, &first, waits("switch")).await;
}

#[tokio::test]
async fn who_sees_a_part_of_the_organization_sees_the_lines_of_that_part() {
    let server = quick();
    let api = server.api();
    let website = api.project("Website").await;
    let scout = agent(&api, "Scout", json!({})).await;
    let other = task(&api, "Elsewhere", &scout).await;
    let new = json!({
        "kind": "task", "title": "Here", "status": "todo", "project": id(&website), "assignees": [id(&scout)],
    });
    let here = api.create("/items", new).await;
    run_in(&api, &other, &["awaiting_review"]).await;
    run_in(&api, &here, &["awaiting_review"]).await;
    let token = json!({ "name": "hall", "access": "read", "scope": "project:website" });
    let token = api.post("/account/tokens", token).await.expect(201);
    let narrow = api.bearer(token["secret"].as_str().unwrap());
    let lines = narrow.get("/runs/lines").await.expect(200);
    let lines = lines["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0]["title"], "Here");
}
