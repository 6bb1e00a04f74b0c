use serde_json::json;
use tests::api::id;

use super::{agent, item, quick, run_in, slow, task};

#[tokio::test]
async fn a_tool_that_is_to_be_asked_about_waits_for_a_person_and_is_then_used_once() {
    let server = quick();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({ "tools": { "post_comment": "ask" } })).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["awaiting_input"]).await;
    assert_eq!(run["exchanges"][0]["tool"]["name"], "post_comment");
    assert_eq!(item(&api, &task).await["comments"], 0);
    let answer = format!("/runs/{}/answer", id(&run));
    api.post(&answer, json!({ "answer": "Yes" }))
        .await
        .wrong_field("/approve");
    api.post(&answer, json!({ "approve": true }))
        .await
        .expect(200);
    // The scripted provider says the same again, and so it asks again.
    let again = run_in(&api, &task, &["awaiting_input"]).await;
    assert_eq!(again["exchanges"].as_array().unwrap().len(), 2);
    assert_eq!(
        item(&api, &task).await["comments"],
        1,
        "what was approved was done"
    );
}

#[tokio::test]
async fn a_forbidden_tool_is_not_used() {
    let server = quick();
    let api = server.api();
    let scout = agent(
        &api,
        "Scout",
        json!({ "tools": { "post_comment": "forbidden" } }),
    )
    .await;
    let task = task(&api, "Sign in", &scout).await;
    run_in(&api, &task, &["awaiting_review"]).await;
    assert_eq!(item(&api, &task).await["comments"], 0);
}

#[tokio::test]
async fn one_switch_stops_every_agent_and_lets_each_begin_again() {
    let server = slow();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let first = run_in(&api, &task, &["running"]).await;
    let switch = |on: bool| api.put("/agents/switch").json(json!({ "on": on }));
    switch(false).await.expect(200);
    assert_eq!(
        api.get("/agents/switch").await.expect(200),
        json!({ "on": false })
    );
    run_in(&api, &task, &["queued"]).await;
    let claim = api.post("/runs/claim", json!({ "wait": 1 })).await;
    assert_eq!(claim.status, 204);
    switch(true).await.expect(200);
    let again = run_in(&api, &task, &["running"]).await;
    assert_eq!(again["id"], first["id"]);
    assert!(again["claim"].as_u64() > first["claim"].as_u64());
}

#[tokio::test]
async fn a_budget_that_is_used_up_lets_nobody_begin() {
    let server = quick();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let budget = json!({ "scope": "organization", "day": null, "total": 0 });
    api.put("/budgets")
        .json(json!({ "scope": "nonsense" }))
        .await
        .wrong_field("/scope");
    api.put("/budgets").json(budget).await.expect(200);
    let task = task(&api, "Sign in", &scout).await;
    let claim = api.post("/runs/claim", json!({ "wait": 1 })).await;
    assert_eq!(claim.status, 204);
    run_in(&api, &task, &["queued"]).await;
    let all = api.get("/budgets").await.expect(200);
    assert_eq!(all["budgets"][0]["total"], 0);
    let more = json!({ "scope": "organization", "total": 1_000_000 });
    api.put("/budgets").json(more).await.expect(200);
    run_in(&api, &task, &["awaiting_review"]).await;
}

#[tokio::test]
async fn the_profile_has_limits_and_says_which_of_them_is_wrong() {
    let server = quick();
    let api = server.api();
    let new = |agent| json!({ "name": "Scout", "kind": "agent", "agent": agent });
    let wrong = api
        .post("/members", new(json!({ "limits": { "turns": 0 } })))
        .await;
    wrong.wrong_field("/agent/limits/turns");
    let wrong = api.post("/members", new(json!({ "temperature": 3 }))).await;
    wrong.wrong_field("/agent/temperature");
    let scout = api.create(
        "/members",
        new(json!({ "provider": "scripted", "limits": { "turns": 9, "cost": 5 } })),
    );
    let path = format!("/members/{}", id(&scout.await));
    let change = json!({ "agent": { "limits": { "turns": 0 } } });
    api.patch(&path, change)
        .await
        .wrong_field("/agent/limits/turns");
    let change =
        json!({ "agent": { "instructions": "Be brief.", "limits": { "turns": 3, "cost": null } } });
    let changed = api.patch(&path, change).await.expect(200);
    let agent = &changed["agent"];
    assert_eq!(
        (&agent["provider"], &agent["instructions"]),
        (&json!("scripted"), &json!("Be brief."))
    );
    let limits = &agent["limits"];
    assert_eq!(
        (&limits["turns"], &limits["cost"], &limits["running"]),
        (&json!(3), &json!(null), &json!(3))
    );
}
