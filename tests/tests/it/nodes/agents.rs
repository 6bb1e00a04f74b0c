//! AI members at work on several nodes: whoever works a run, all nodes know of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{Nodes, Redis, Socket, api::id, wait::until};

use crate::agents::{agent, log, options, run_in, task};

/// The first node works, slowly; the other looks on.
async fn nodes() -> Nodes {
    Nodes::with(Redis::spawn(), 2, |number, plain| match number {
        0 => tests::Options {
            journal: plain.journal,
            ..options("2")
        },
        _ => plain,
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_one_node_works_is_followed_at_the_other() {
    let nodes = nodes().await;
    let [worker, other] = [&nodes.servers[0], &nodes.servers[1]];
    let api = other.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["running"]).await;
    let mut socket = Socket::welcomed(other.address()).await;
    let topic = format!("run:{}", id(&run));
    let subscribe = json!({ "type": "subscribe", "id": 1, "topic": topic, "log_after": 0 });
    socket.ask(subscribe).await;
    let mut told: Vec<Value> = Vec::new();
    while told.len() < 8 {
        let message = socket.expect("log").await;
        assert_eq!(message["offset"], told.len() + 1, "no hole and no repeat");
        told.extend(message["entries"].as_array().unwrap().iter().cloned());
    }
    assert_eq!(told[0]["kind"], "started");
    let path = format!("/runs/{}/log", id(&run));
    let last = api.get(&path).await.expect(200)["last"].as_u64().unwrap();
    let asked = Instant::now();
    let waited = api
        .get(&format!("{path}?after={last}&wait=20"))
        .await
        .expect(200);
    assert!(
        !waited["entries"].as_array().unwrap().is_empty(),
        "who waits is told"
    );
    assert!(asked.elapsed() < Duration::from_secs(15));
    assert_eq!(log(&worker.api(), &run).await[..8], told[..]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_node_worked_that_was_killed_is_queued_again_by_another() {
    let mut nodes = nodes().await;
    let api = nodes.servers[1].api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["running"]).await;
    let path = format!("/runs/{}", id(&run));
    until("the lease to be seen", async || {
        let log = api.get(&format!("{path}/log")).await.expect(200);
        (log["last"].as_u64() > Some(1)).then_some(())
    })
    .await;
    nodes.servers[0].kill();
    // A minute without a word, give or take how often it is looked for.
    let deadline = Instant::now() + Duration::from_secs(90);
    let lost = loop {
        let now = api.get(&path).await.expect(200);
        if now["state"] == "failed" {
            break now;
        }
        assert!(Instant::now() < deadline, "{now}");
        // The log of a dead worker's run is silent: this waits.
        api.get(&format!("{path}/log?after={}&wait=5", u32::MAX))
            .await
            .expect(200);
    };
    assert_eq!(lost["failure"], "lease_lost");
    nodes.servers[0].restart_with(|with| with.args = options("100000").args);
    let done = run_in(&api, &task, &["awaiting_review"]).await;
    assert_eq!(done["attempt"], 2);
    let said = log(&api, &done).await;
    assert_eq!(
        said.last().unwrap()["kind"],
        "tool_call",
        "its log is here, too"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_stands_still_for_a_moment_ends_no_run() {
    let nodes = Nodes::with(Redis::spawn(), 1, |_, plain| tests::Options {
        journal: plain.journal,
        ..options("8")
    })
    .await;
    let api = nodes.servers[0].api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["running"]).await;
    until("some of its log", async || {
        (log(&api, &run).await.len() > 2).then_some(())
    })
    .await;
    nodes.redis.pause();
    tokio::time::sleep(Duration::from_secs(4)).await;
    nodes.redis.resume();
    let done = run_in(&api, &task, &["awaiting_review", "failed"]).await;
    assert_eq!(done["state"], "awaiting_review", "{done}");
}
