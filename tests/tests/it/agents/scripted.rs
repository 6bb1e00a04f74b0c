use serde_json::json;
use tests::api::id;

use super::{agent, item, log, quick, run_in, slow, task};

#[tokio::test]
async fn assigning_a_task_is_enough_and_a_person_accepts_what_comes_of_it() {
    let server = quick();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["awaiting_review"]).await;
    assert_eq!(run["member"], scout["id"]);
    assert_eq!(
        (&run["provider"], &run["attempt"]),
        (&json!("scripted"), &json!(1))
    );
    assert!(
        run["result"]["summary"]
            .as_str()
            .unwrap()
            .contains("Sign in")
    );
    assert!(run["usage"]["output"].as_u64().unwrap() > 0);
    let shown = item(&api, &task).await;
    assert_eq!(shown["status"], "in_review");
    assert_eq!(
        shown["run"],
        json!({ "id": run["id"], "state": "awaiting_review", "member": scout["id"] })
    );
    assert_eq!(
        shown["acceptance"][0]["done"], true,
        "it has ticked what it did"
    );
    assert_eq!(shown["comments"], 1);

    let entries = log(&api, &run).await;
    let kinds: Vec<&str> = entries
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds[0], "started");
    for kind in ["text", "tool_call", "tool_result", "usage"] {
        assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
    }

    let accepted = api
        .post(&format!("/runs/{}/accept", id(&run)), json!({}))
        .await
        .expect(200);
    assert_eq!(accepted["state"], "accepted");
    assert_eq!(item(&api, &task).await["status"], "done");
}

#[tokio::test]
async fn a_rejection_queues_another_attempt_and_after_the_third_a_person_has_to_say_so() {
    let server = quick();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    for attempt in 1..=3 {
        let run = run_in(&api, &task, &["awaiting_review"]).await;
        assert_eq!(run["attempt"], attempt);
        let reject = format!("/runs/{}/reject", id(&run));
        api.post(&reject, json!({})).await.wrong_field("/reason");
        let rejected = api
            .post(&reject, json!({ "reason": "Not yet" }))
            .await
            .expect(200);
        assert_eq!(rejected["reason"], "Not yet");
    }
    let last = run_in(&api, &task, &["rejected"]).await;
    assert_eq!(item(&api, &task).await["status"], "todo");
    api.post(&format!("/runs/{}/retry", id(&last)), json!({}))
        .await
        .expect(201);
    let fourth = run_in(&api, &task, &["awaiting_review"]).await;
    assert_eq!(fourth["attempt"], 4);
}

#[tokio::test]
async fn a_cancelled_run_stops_within_a_second_and_writes_nothing_more() {
    let server = slow();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let run = run_in(&api, &task, &["running"]).await;
    let begun = tests::wait::until("a first word", async || {
        let entries = log(&api, &run).await;
        entries
            .iter()
            .any(|entry| entry["kind"] == "text")
            .then_some(())
    });
    begun.await;
    let cancel = format!("/runs/{}/cancel", id(&run));
    api.post(&cancel, json!({ "reason": "Stop" }))
        .await
        .expect(200);
    api.post(&cancel, json!({}))
        .await
        .problem(409, "wrong_state");
    assert_eq!(item(&api, &task).await["status"], "todo");
    // It speaks a word a second: three seconds would show one that goes on.
    let before = log(&api, &run).await.len();
    let path = format!("/runs/{}/log?after={before}&wait=3", id(&run));
    let late = api.get(&path).await.expect(200);
    let late = late["entries"].as_array().unwrap();
    let after = api.get(&path).await.expect(200);
    assert!(late.len() <= 1, "{late:?}");
    assert!(after["entries"].as_array().unwrap().len() <= 1, "{after}");
}

#[tokio::test]
async fn an_epic_is_planned_and_its_proposals_taken_one_by_one_edited_or_all_at_once() {
    let server = quick();
    let api = server.api();
    agent(&api, "Scout", json!({})).await;
    let epic = api
        .create("/items", json!({ "kind": "epic", "title": "Launch" }))
        .await;
    let path = format!("/items/{}/proposals", id(&epic));
    api.post(&path, json!({})).await.wrong_field("/member");
    let planned = api
        .post(&path, json!({ "member": "scout" }))
        .await
        .expect(201);
    assert_eq!(planned["kind"], "plan");
    let run = run_in(&api, &epic, &["awaiting_review"]).await;
    let proposals = api.get(&path).await.expect(200);
    assert_eq!(proposals["run"], run["id"]);
    assert_eq!(proposals["proposals"].as_array().unwrap().len(), 3);

    let accept = api
        .post(
            &format!("{path}/0/accept"),
            json!({ "title": "Mine", "estimate": 2 }),
        )
        .await;
    let made = accept.expect(200)["proposals"][0]["item"].clone();
    let feature = api
        .get(&format!("/items/{}", made.as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(
        (&feature["title"], &feature["parent"]),
        (&json!("Mine"), &epic["id"])
    );
    api.post(&format!("{path}/0/accept"), json!({}))
        .await
        .problem(409, "wrong_state");
    api.post(&format!("{path}/1/dismiss"), json!({}))
        .await
        .expect(200);
    api.post(&format!("{path}/9/dismiss"), json!({}))
        .await
        .problem(404, "not_found");
    let all = api
        .post(&format!("/runs/{}/accept", id(&run)), json!({}))
        .await
        .expect(200);
    let states: Vec<_> = all["proposals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["state"].clone())
        .collect();
    assert_eq!(states, ["accepted", "dismissed", "accepted"]);
}
