//! What a run may take, when somebody else works it.

use serde_json::{Value, json};
use tests::{Api, Options, Server, api::id, wait::until};

use super::{agent, run_in, task};

/// A run of a member with this profile, claimed: its path, and its fence.
async fn claimed(api: &Api) -> (String, Value) {
    let claimed = api.post("/runs/claim", json!({})).await.expect(200);
    let path = format!("/runs/{}", id(&claimed["run"]));
    (path, claimed["fence"].clone())
}

#[tokio::test]
async fn a_bill_is_at_most_what_was_put_aside() {
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let budget = json!({ "scope": "organization", "total": 100 });
    api.put("/budgets").json(budget).await.expect(200);
    let task = task(&api, "Sign in", &scout).await;
    let (path, fence) = claimed(&api).await;
    let reserve = format!("{path}/reserve");
    let body = json!({ "fence": fence, "amount": 60 });
    api.post(&reserve, body).await.expect(200);
    let bill = |cost: u64| json!({ "usage": { "input": 5, "output": 5 }, "cost": cost });
    for body in [
        json!({ "fence": fence, "bill": bill(61) }),
        json!({ "fence": fence, "bill": bill(u64::MAX), "amount": 1 }),
    ] {
        api.post(&reserve, body).await.wrong_field("/bill/cost");
    }
    let submit = json!({ "fence": fence, "bill": bill(61), "result": { "summary": "Done" } });
    let refused = api.post(&format!("{path}/submit"), submit).await;
    refused.wrong_field("/bill/cost");
    let huge = json!({ "fence": fence, "bill": { "usage": { "input": u64::MAX } } });
    api.post(&reserve, huge).await.wrong_field("/bill/usage");
    api.post(&reserve, json!({ "fence": fence }))
        .await
        .wrong_field("/amount");
    let run = run_in(&api, &task, &["running"]).await;
    assert_eq!((&run["cost"], &run["reserved"]), (&json!(0), &json!(60)));

    let paid = json!({ "fence": fence, "bill": bill(50) });
    let run = api.post(&reserve, paid).await.expect(200);
    assert_eq!((&run["cost"], &run["reserved"]), (&json!(50), &json!(0)));
    let more = json!({ "fence": fence, "amount": 51 });
    api.post(&reserve, more)
        .await
        .problem(409, "budget_exceeded");
}

#[tokio::test]
async fn turns_and_tokens_hold_over_all_claims() {
    let server = Server::spawn();
    let api = server.api();
    let limits = json!({ "limits": { "turns": 2, "tokens": 1_000 } });
    let scout = agent(&api, "Scout", limits).await;
    let first = task(&api, "Sign in", &scout).await;
    let bill = |tokens: u64| json!({ "usage": { "input": tokens }, "cost": 0 });
    for left in [2, 1] {
        let (path, fence) = claimed(&api).await;
        let begin = json!({ "fence": fence });
        let brief = api.post(&format!("{path}/brief"), begin).await.expect(200);
        assert_eq!(brief["turns"], left);
        assert_eq!(brief["tokens"], 800 + 100 * left);
        let reserve = json!({ "fence": fence, "amount": 0 });
        api.post(&format!("{path}/reserve"), reserve)
            .await
            .expect(200);
        let ask = json!({ "fence": fence, "question": "Which?", "bill": bill(100) });
        api.post(&format!("{path}/ask"), ask).await.expect(200);
        let answer = json!({ "answer": "That." });
        api.post(&format!("{path}/answer"), answer)
            .await
            .expect(200);
    }
    let (path, fence) = claimed(&api).await;
    let reserve = json!({ "fence": fence, "amount": 0 });
    let refused = api.post(&format!("{path}/reserve"), reserve).await;
    refused.problem(409, "limit_reached");
    let submit = json!({ "fence": fence, "result": { "summary": "Done" } });
    let submitted = api
        .post(&format!("{path}/submit"), submit)
        .await
        .expect(200);
    assert_eq!(submitted["effort"]["turns"], 2);
    run_in(&api, &first, &["awaiting_review"]).await;

    let second = task(&api, "Sign out", &scout).await;
    let (path, fence) = claimed(&api).await;
    let submit = json!({ "fence": fence, "result": { "summary": "Done" }, "bill": bill(1_001) });
    for _ in 0..2 {
        let refused = api
            .post(&format!("{path}/submit"), submit.clone())
            .header("idempotency-key", "one")
            .await;
        refused.problem(409, "budget_exceeded");
    }
    let run = run_in(&api, &second, &["failed"]).await;
    assert_eq!(
        (&run["failure"], &run["usage"]["input"]),
        (&json!("budget_exceeded"), &json!(1_001))
    );
}

#[tokio::test]
async fn the_minutes_of_a_run_go_on_when_it_is_claimed_again() {
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({ "limits": { "minutes": 1 } })).await;
    task(&api, "Sign in", &scout).await;
    let mut left = 60_000;
    for _ in 0..3 {
        let (path, fence) = claimed(&api).await;
        let begin = json!({ "fence": fence });
        until("a moment of work", async || {
            let brief = api.post(&format!("{path}/brief"), begin.clone()).await;
            let now = brief.expect(200)["time_left_ms"].as_u64().unwrap();
            assert!(now <= left, "{now} are left after {left}");
            let is_less = now + 10 < left;
            left = now;
            is_less.then_some(())
        })
        .await;
        api.post(&format!("{path}/release"), begin)
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn a_run_that_has_had_its_minutes_ends_whatever_its_worker_does() {
    let mut server = Server::spawn();
    let scout = agent(&server.api(), "Scout", json!({})).await;
    let task = task(&server.api(), "Sign in", &scout).await;
    let (path, fence) = claimed(&server.api()).await;
    server.kill();
    server.restart_with(|options| *options = options.clone().hours_ahead(1));
    let api = server.api();
    let submit = json!({ "fence": fence, "result": { "summary": "Late" } });
    let refused = api.post(&format!("{path}/submit"), submit).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    let run = run_in(&api, &task, &["failed"]).await;
    assert_eq!(
        (&run["failure"], &run["reason"]),
        (
            &json!("internal"),
            &json!("The run took longer than its 15 minutes.")
        )
    );
    let renew = api
        .post(&format!("{path}/renew"), json!({ "fence": fence }))
        .await;
    renew.problem(409, "stale_claim");
}

#[tokio::test]
async fn old_logs_are_forgotten_whoever_wrote_them() {
    let mut server = Server::with(Options {
        args: ["--logs-kept", "2"].map(str::to_owned).to_vec(),
        ..Options::default()
    });
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let mut runs = Vec::new();
    for n in 0..4 {
        let task = task(&api, &format!("Task {n}"), &scout).await;
        let (path, fence) = claimed(&api).await;
        let entries = json!([{ "kind": "text", "text": "I look." }]);
        let body = json!({ "fence": fence, "entries": entries });
        api.post(&format!("{path}/log"), body).await.expect(200);
        let fail = json!({ "fence": fence, "failure": "tool_failed" });
        api.post(&format!("{path}/fail"), fail).await.expect(200);
        runs.push(run_in(&api, &task, &["failed"]).await);
    }
    // What is held in memory is bounded by itself.
    server.kill();
    server.restart();
    let api = server.api();
    until("an end of the oldest logs", async || {
        let mut kept = Vec::new();
        for run in &runs {
            // In one look: it may be forgotten between two.
            let path = format!("/runs/{}/log", id(run));
            let log = api.get(&path).await.expect(200);
            kept.push(log["entries"].as_array().unwrap().len());
        }
        (kept == [0, 0, 1, 1]).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_a_moved_task_has_cost_goes_with_it_and_stays_spent_where_it_was() {
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let places = ["Web", "App"];
    let mut projects = Vec::new();
    for name in places {
        let project = api.project(name).await;
        let budget = json!({ "scope": format!("project:{}", id(&project)), "total": 1_000 });
        api.put("/budgets").json(budget).await.expect(200);
        projects.push(project);
    }
    let new = json!({
        "kind": "task", "project": id(&projects[0]), "title": "Sign in", "status": "todo", "assignees": [id(&scout)],
    });
    let task = api.create("/items", new).await;
    let (path, fence) = claimed(&api).await;
    // There, elsewhere, and there again, while it is worked.
    for (place, cost) in [(0, 10), (1, 20), (0, 40)] {
        let to = json!({ "project": id(&projects[place]) });
        let to_place = format!("/items/{}/move", id(&task));
        api.post(&to_place, to).await.expect(200);
        let body = json!({ "fence": fence, "amount": cost });
        api.post(&format!("{path}/reserve"), body).await.expect(200);
        let bill = json!({ "usage": { "input": cost }, "cost": cost });
        let body = json!({ "fence": fence, "bill": bill });
        api.post(&format!("{path}/reserve"), body).await.expect(200);
    }
    let budgets = api.get("/budgets").await.expect(200);
    for ((project, spent), in_rollup) in projects.iter().zip([50, 20]).zip([70, 0]) {
        let path = format!("/projects/{}", id(project));
        let shown = api.get(&path).await.expect(200);
        assert_eq!(shown["rollup"]["cost"], in_rollup);
        let scope = format!("project:{}", id(project));
        let mut all = budgets["budgets"].as_array().unwrap().iter();
        let budget = all.find(|budget| budget["scope"] == scope).unwrap();
        assert_eq!(budget["spent"]["total"], spent);
        let history = format!("{path}/history?measure=cost");
        let history = api.get(&history).await.expect(200);
        let days = history["days"].as_array().unwrap().iter();
        for told in ["cost", "tokens"] {
            let told: u64 = days.clone().map(|day| day[told].as_u64().unwrap()).sum();
            assert_eq!(told, spent);
        }
    }
}
