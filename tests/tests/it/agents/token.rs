//! What a worker elsewhere does with its token beside the tools.

use serde_json::{Value, json};
use tests::{Api, Mcp, api::id, mcp::Begin::Discover};

use super::agent;
use crate::access::{self, Place};

/// A task of a project that an AI member has in hand by a token: the worker's way in, its token, the task, what was claimed.
async fn in_hand(place: &Place, scope: &str, switches: Value) -> (Api, String, Value, Value) {
    let owner = &place.owner;
    let project = owner.project("Website").await;
    let scout = agent(owner, "Scout", json!({ "tools": switches })).await;
    let task = json!({
        "kind": "task", "title": "Sign in", "project": project["id"], "status": "todo", "assignees": [id(&scout)],
    });
    let task = owner.create("/items", task).await;
    let made = access::token(owner, "write", scope).await;
    let secret = access::secret(&made).to_owned();
    let worker = place.server.api().bearer(&secret);
    let claimed = worker.post("/runs/claim", json!({})).await.expect(200);
    (worker, secret, task, claimed)
}

#[tokio::test]
async fn a_members_token_may_do_no_more_than_its_tools_over_rest_and_mcp() {
    let place = Place::new().await;
    let switches = json!({ "post_comment": "forbidden", "update_task": "ask" });
    let (worker, secret, task, claimed) = in_hand(&place, "member:scout", switches).await;
    let (run, fence) = (&claimed["run"], &claimed["fence"]);
    let comments = format!("/items/{}/comments", id(&task));
    let said = json!({ "body": "Past the tools." });
    let refused = worker.post(&comments, said.clone()).await;
    let refused = refused.problem(403, "forbidden");
    let why = refused["detail"].as_str().unwrap();
    assert!(
        why.contains("post_comment") && why.contains("admin"),
        "{why}"
    );
    let path = format!("/items/{}", id(&task));
    let asks = worker.patch(&path, json!({ "title": "Another" })).await;
    let asks = asks.problem(403, "forbidden");
    let why = asks["detail"].as_str().unwrap();
    assert!(why.contains(&format!("/runs/{}/ask", id(run))), "{why}");
    let mut client = Mcp::connect(&place.server, Some(&secret), Discover);
    let comment = json!({ "item": task["key"], "body": "Past the tools." });
    let refused = client.call("comment_on_item", comment).await.unwrap_err();
    assert!(
        refused["detail"].as_str().unwrap().contains("post_comment"),
        "{refused}"
    );

    // It is asked for as it says, and done once a person has said yes.
    let tool = json!({ "name": "update_task", "arguments": "{\"title\":\"Another\"}" });
    let ask = json!({ "fence": fence, "question": "May I?", "tool": tool });
    let asked = worker.post(&format!("/runs/{}/ask", id(run)), ask).await;
    asked.expect(200);
    let yes = json!({ "approve": true });
    let answered = place.owner.post(&format!("/runs/{}/answer", id(run)), yes);
    answered.await.expect(200);
    let claimed = worker.post("/runs/claim", json!({})).await.expect(200);
    let begin = json!({ "fence": claimed["fence"] });
    worker
        .post(&format!("/runs/{}/brief", id(run)), begin)
        .await
        .expect(200);
    assert_eq!(worker.get(&path).await.expect(200)["title"], "Another");
    place.owner.post(&comments, said).await.expect(201);
}

#[tokio::test]
async fn what_a_worker_does_over_rest_is_told_as_done_in_its_run() {
    let place = Place::new().await;
    let (worker, _, task, claimed) = in_hand(&place, "project:website", json!({})).await;
    let beside = json!({ "kind": "task", "title": "Beside it", "project": "website" });
    worker.create("/items", beside).await;
    let path = format!("/items/{}", id(&task));
    worker
        .patch(&path, json!({ "priority": "high" }))
        .await
        .expect(200);
    place
        .owner
        .patch(&path, json!({ "priority": "low" }))
        .await
        .expect(200);
    let activity = place.owner.get("/activity?limit=3").await.expect(200);
    let runs: Vec<&Value> = activity["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| &event["actor"]["run"])
        .collect();
    let run = &claimed["run"]["id"];
    assert_eq!(runs, [&Value::Null, run, run], "the newest first");
}
