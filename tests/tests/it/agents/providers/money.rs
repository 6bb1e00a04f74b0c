//! Agents that would spend more than they may, by every way there is.

use std::time::Duration;

use serde_json::{Value, json};
use tests::{
    Api, ModelServer,
    api::id,
    model_server::{Fault, Protocol, Said},
    wait::until,
};

use super::{comment, connect, ready, scout, server};
use crate::agents::{agent, run_in, task};

/// What the organization may spend in all, in micro-dollars.
async fn allow(api: &Api, total: u64) {
    let budget = json!({ "scope": "organization", "total": total });
    api.put("/budgets").json(budget).await.expect(200);
}

/// What is spent of it and what is put aside.
async fn spent(api: &Api) -> (u64, u64) {
    let budgets = api.get("/budgets").await.expect(200);
    let budget = &budgets["budgets"][0];
    let number = |value: &Value| value.as_u64().unwrap();
    (
        number(&budget["spent"]["total"]),
        number(&budget["reserved"]),
    )
}

/// Waits until nobody works any more; at each look no more is spent and put aside than may be.
async fn quiet(api: &Api, total: u64) {
    let mut still = 0;
    until("an end of all work", async || {
        let (spent, reserved) = spent(api).await;
        assert!(
            spent + reserved <= total,
            "{spent} and {reserved} of {total}"
        );
        let runs = api.get("/runs?limit=200").await.expect(200);
        let running = runs["items"].as_array().unwrap().iter();
        let running = running.filter(|run| run["state"] == "running").count();
        // The worker looks at the queue each second.
        still = if running == 0 { still + 1 } else { 0 };
        (still > 100).then_some(())
    })
    .await;
}

/// A call puts aside about as much as this: 8,000 tokens of answer at 3 each, and the prompt.
const A_CALL: u64 = 33_000;

#[tokio::test]
async fn retries_come_out_of_the_same_budget() {
    let models = ModelServer::spawn().await;
    let server = server(&[]);
    let api = server.api();
    connect(&api, &models, Protocol::Openai).await;
    let scout = scout(&api, json!({})).await;
    allow(&api, A_CALL + 2_000).await;
    // It bills nothing and breaks off each time: what was sent and heard counts all the same.
    models.always(Said::text(&"word ".repeat(400)).with(Fault::BreaksOff));
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["failed"]).await;
    let calls = models.asked().len();
    assert_eq!(
        run["failure"], "budget_exceeded",
        "after {calls} calls: {run}"
    );
    assert!((1..4).contains(&calls), "{calls}");
    let (before, _) = spent(&api).await;
    for _ in 0..3 {
        let retried = api
            .post(&format!("/runs/{}/retry", id(&run)), json!({}))
            .await;
        assert!([201, 409].contains(&retried.status), "{}", retried.text());
    }
    quiet(&api, A_CALL + 2_000).await;
    assert_eq!(models.asked().len(), calls, "no more was asked");
    assert_eq!(spent(&api).await.0, before);
}

#[tokio::test]
async fn what_works_at_the_same_time_shares_the_budget() {
    let models = ModelServer::spawn().await;
    let server = server(&[]);
    let api = server.api();
    connect(&api, &models, Protocol::Anthropic).await;
    let scout = scout(&api, json!({ "limits": { "running": 10 } })).await;
    let total = 2 * A_CALL + A_CALL / 2;
    allow(&api, total).await;
    // Each goes on for ever with what it may.
    let mut dear = comment().with(Fault::Slowly(Duration::from_micros(10)));
    dear.usage.input = 6_000;
    dear.usage.cached = 0;
    dear.usage.output = 1_000;
    models.always(dear);
    let mut tasks = Vec::new();
    for n in 0..6 {
        tasks.push(task(&api, &format!("Task {n}"), &scout).await);
    }
    quiet(&api, total).await;
    let calls = models.asked().len() as u64;
    let (spent, reserved) = spent(&api).await;
    assert_eq!(
        (spent, reserved),
        (calls * 9_000, 0),
        "all that was billed, and no more"
    );
    let mut failed = 0;
    for task in &tasks {
        let runs = api
            .get(&format!("/items/{}/runs", id(task)))
            .await
            .expect(200);
        failed += runs["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|run| run["failure"] == "budget_exceeded")
            .count();
    }
    assert_eq!(failed, tasks.len(), "nothing was left for any of them");
}

#[tokio::test]
async fn planning_and_tasks_that_agents_make_come_out_of_it_too() {
    let models = ModelServer::spawn().await;
    let server = server(&[]);
    let api = server.api();
    connect(&api, &models, Protocol::Openai).await;
    let scout = scout(&api, json!({})).await;
    let other = agent(&api, "Ranger", json!({ "provider": "mine" })).await;
    let total = 3 * A_CALL;
    allow(&api, total).await;
    // Work for itself and for the other, again and again.
    let mut more = Said::text("There is more to do.");
    more.usage.input = 4_000;
    more.usage.cached = 0;
    more.usage.output = 1_000;
    for who in ["scout", "ranger", "scout"] {
        more = more.call(
            "create_task",
            json!({ "title": "More", "assignees": [who] }),
        );
    }
    models.always(more);
    let first = task(&api, "Sign in", &scout).await;
    run_in(&api, &first, &["failed"]).await;
    let epic = api
        .create("/items", json!({ "kind": "epic", "title": "Launch" }))
        .await;
    let plan = json!({ "member": id(&other) });
    let planned = api
        .post(&format!("/items/{}/proposals", id(&epic)), plan)
        .await;
    assert!([201, 409].contains(&planned.status), "{}", planned.text());
    quiet(&api, total).await;
    let calls = models.asked().len() as u64;
    let (spent, _) = spent(&api).await;
    assert_eq!(spent, calls * 7_000, "all that was billed");
    assert!(spent <= total);
    let items = api.get("/items?limit=200&kind=task").await.expect(200);
    let mut own = 0;
    for item in items["items"].as_array().unwrap() {
        let is_made = item["title"] == "More";
        let runs = api
            .get(&format!("/items/{}/runs", id(item)))
            .await
            .expect(200);
        let runs = runs["items"].as_array().unwrap().len();
        let is_for_itself = item["assignees"][0] == scout["id"];
        own += usize::from(is_made && is_for_itself && runs > 0);
    }
    assert_eq!(models.asked().len() as u64, calls, "nothing goes on");
    // What Ranger makes for Scout is Scout's to do; what Scout makes for itself is not begun by that.
    let made = items["items"].as_array().unwrap().len() - 1;
    assert!(own < made, "{own} of {made}");
}

#[tokio::test]
async fn a_run_that_takes_too_long_pays_for_the_call_it_is_stopped_in() {
    let models = ModelServer::spawn().await;
    let mut server = server(&[]);
    let api = server.api();
    connect(&api, &models, Protocol::Openai).await;
    let scout = scout(&api, json!({})).await;
    allow(&api, 10 * A_CALL).await;
    models.always(Said::text(&"word ".repeat(100)).with(Fault::Slowly(Duration::from_millis(20))));
    let task = task(&api, "Sign in", &scout).await;
    run_in(&api, &task, &["running"]).await;
    until("a call", async || {
        (!models.asked().is_empty()).then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    // A server that is told to stop lets go of its runs.
    server.ask_to_end();
    server.ended();
    server.restart();
    let api = Api::new(server.address());
    assert!(spent(&api).await.0 > 500, "the prompt at least was sent");
}

#[tokio::test]
async fn what_work_cost_is_told_by_day_and_by_member() {
    let (_models, server, scout) = ready(Protocol::Openai).await;
    let api = server.api();
    let project = api.project("Web").await;
    let (mut runs, mut listed) = (Vec::new(), Vec::new());
    for title in ["Sign in", "Sign out"] {
        let new = json!({
            "kind": "task", "project": id(&project), "title": title, "status": "todo", "assignees": [id(&scout)],
        });
        let task = api.create("/items", new).await;
        let run = run_in(&api, &task, &["awaiting_review"]).await;
        let mut with_item = run.clone();
        with_item["key"] = task["key"].clone();
        with_item["title"] = title.into();
        runs.push(run);
        listed.push(with_item);
    }
    let sum = |of: &dyn Fn(&Value) -> u64| -> u64 { runs.iter().map(of).sum() };
    let cost = sum(&|run| run["cost"].as_u64().unwrap());
    let tokens = sum(&|run| {
        run["usage"]["input"].as_u64().unwrap() + run["usage"]["output"].as_u64().unwrap()
    });
    assert!(cost > 0 && tokens > 0, "{runs:?}");

    let history = api
        .get("/projects/web/history?measure=cost")
        .await
        .expect(200);
    let days = history["days"].as_array().unwrap();
    assert_eq!(days.len(), 30);
    // It may be midnight meanwhile.
    let told = |what: &str| -> u64 { days.iter().map(|day| day[what].as_u64().unwrap()).sum() };
    assert_eq!((told("cost"), told("tokens")), (cost, tokens));
    assert_eq!(
        (&days[0]["cost"], &days[0]["tokens"]),
        (&json!(0), &json!(0))
    );

    let path = "/members/scout/runs?limit=1";
    let newest = api.get(path).await.expect(200);
    assert_eq!(newest["items"], json!([listed[1]]));
    let next = newest["next"].as_str().unwrap();
    let oldest = api.get(&format!("{path}&page={next}")).await.expect(200);
    assert_eq!(
        (&oldest["items"], &oldest["next"]),
        (&json!([listed[0]]), &Value::Null)
    );
    api.get("/members/nobody/runs")
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn what_a_provider_charges_beyond_the_worst_case_passes_no_budget_and_ends_the_run() {
    let models = ModelServer::spawn().await;
    let server = server(&[]);
    let api = server.api();
    connect(&api, &models, Protocol::Openai).await;
    let scout = scout(&api, json!({ "limits": { "tokens": 10_000_000 } })).await;
    let total = 10 * A_CALL;
    allow(&api, total).await;
    let mut dear = comment();
    dear.usage.input = 5_000_000;
    models.always(dear);
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["failed"]).await;
    assert_eq!(run["failure"], "budget_exceeded", "{run}");
    assert!(run["reason"].as_str().unwrap().contains("5000"), "{run}");
    assert_eq!(run["usage"]["input"], 5_000_000);
    let (spent, reserved) = spent(&api).await;
    assert!(spent > 0 && spent <= total && reserved == 0, "{spent}");
    assert_eq!(models.asked().len(), 1);
}

#[tokio::test]
async fn an_answer_is_asked_to_be_no_longer_than_the_tokens_that_are_left() {
    let models = ModelServer::spawn().await;
    let server = server(&[]);
    let api = server.api();
    connect(&api, &models, Protocol::Openai).await;
    let scout = scout(&api, json!({ "limits": { "tokens": 20_000 } })).await;
    let used = |tokens| {
        let mut said = comment();
        said.usage.input = tokens;
        said.usage.cached = 0;
        said
    };
    models.next(used(12_000));
    let first = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &first, &["awaiting_review", "failed"]).await;
    assert_eq!(run["state"], "awaiting_review", "{run}");
    let asked = |n: usize| models.asked()[n].body["max_tokens"].as_u64().unwrap();
    assert_eq!(asked(0), 8_000);
    assert!((1..8_000).contains(&asked(1)), "{}", asked(1));

    // Nothing is left for another call, and nothing at all.
    for (tokens, why) in [(19_000, "tokens left"), (20_001, "may use 20000")] {
        let before = models.asked().len();
        models.next(used(tokens));
        let next = task(&api, "Sign out", &scout).await;
        let run = run_in(&api, &next, &["awaiting_review", "failed"]).await;
        assert_eq!(run["failure"], "budget_exceeded", "{run}");
        assert!(run["reason"].as_str().unwrap().contains(why), "{run}");
        assert_eq!(models.asked().len(), before + 1);
    }
}
