use serde_json::json;
use tests::{Server, api::id};

use super::{agent, log, options, run_in, slow, task};

#[tokio::test]
async fn a_server_that_is_told_to_stop_lets_go_of_its_runs_and_the_next_goes_on() {
    let mut server = slow();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["running"]).await;
    server.ask_to_end();
    server.ended();
    server.restart_with(|options| options.args = super::options("100000").args);
    let api = server.api();
    let done = run_in(&api, &task, &["awaiting_review"]).await;
    assert_eq!((&done["id"], &done["attempt"]), (&run["id"], &json!(1)));
    let started = log(&api, &done).await;
    let started = started.iter().filter(|entry| entry["kind"] == "started");
    assert_eq!(started.count(), 2, "the log tells of both workers");
}

#[tokio::test]
async fn after_a_server_was_killed_the_lease_lapses_and_another_attempt_is_queued() {
    let mut server = Server::with(options("1"));
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["running"]).await;
    server.kill();
    server.restart();
    let api = server.api();
    let same = api.get(&format!("/runs/{}", id(&run))).await.expect(200);
    assert_eq!(
        same["state"], "running",
        "nobody knows yet that its worker is gone"
    );
    // A minute without a word, give or take how often it is looked for.
    let path = format!("/runs/{}", id(&run));
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(90);
    let mut cursor = 0;
    let lost = loop {
        let now = api.get(&path).await.expect(200);
        if now["state"] == "failed" {
            break now;
        }
        assert!(std::time::Instant::now() < deadline, "{now}");
        // The log of a dead worker's run is silent: this waits.
        let wait = api
            .get(&format!("{path}/log?after={}&wait=5", u32::MAX))
            .await
            .expect(200);
        cursor += wait["entries"].as_array().unwrap().len();
    };
    assert_eq!((cursor, &lost["failure"]), (0, &json!("lease_lost")));
    let next = run_in(&api, &task, &["queued", "running"]).await;
    assert_eq!(
        (&next["attempt"], &next["failures"]),
        (&json!(2), &json!(1))
    );
}
