//! What is left of runs that are long over.

use serde_json::{Value, json};
use tests::{Server, api::id};

use super::{agent, item, task};

#[tokio::test]
async fn an_attempt_before_the_last_fifty_is_still_read_by_those_who_see_its_item() {
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let runs = format!("/items/{}/runs", id(&task));
    let mut first = None;
    for n in 0..52 {
        let run = match n {
            0 => api.get(&runs).await.expect(200)["items"][0].clone(),
            _ => api.create(&runs, json!({ "member": "scout" })).await,
        };
        let path = format!("/runs/{}", id(&run));
        if n == 0 {
            let claimed = api.post("/runs/claim", json!({})).await.expect(200);
            let entries = json!([{ "kind": "text", "text": "I look." }]);
            let write = json!({ "fence": claimed["fence"], "entries": entries });
            api.post(&format!("{path}/log"), write).await.expect(200);
        }
        let cancelled = api.post(
            &format!("{path}/cancel"),
            json!({ "reason": format!("Number {n}") }),
        );
        cancelled.await.expect(200);
        first.get_or_insert(path);
    }
    let kept = api.get(&format!("{runs}?limit=200")).await.expect(200);
    assert_eq!(kept["items"].as_array().unwrap().len(), 50);
    let first = first.unwrap();
    let run = api.get(&first).await.expect(200);
    assert_eq!(
        (&run["state"], &run["reason"]),
        (&json!("cancelled"), &json!("Number 0"))
    );
    let log = api.get(&format!("{first}/log")).await.expect(200);
    assert_eq!(log["entries"][0]["text"], "I look.");
    let project = api.project("Website").await;
    let token =
        json!({ "name": "hall", "access": "read", "scope": format!("project:{}", id(&project)) });
    let token = api.post("/account/tokens", token).await.expect(201);
    let narrow = api.bearer(token["secret"].as_str().unwrap());
    narrow.get(&first).await.problem(404, "not_found");
    let nobody = format!("/runs/{}", id(&task));
    api.get(&nobody).await.problem(404, "not_found");
    api.delete(&format!("/items/{}", id(&task)))
        .await
        .expect(204);
    api.get(&first).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_task_tells_what_all_attempts_at_it_have_cost() {
    let server = Server::spawn();
    let api = server.api();
    let scout = agent(&api, "Scout", json!({})).await;
    let task = task(&api, "Sign in", &scout).await;
    let work = async || -> Value { item(&api, &task).await["work"].clone() };
    assert_eq!(work().await, json!({ "runs": 1, "tokens": 0, "cost": 0 }));
    for n in 1..=2 {
        let claimed = api.post("/runs/claim", json!({})).await.expect(200);
        let path = |step: &str| format!("/runs/{}/{step}", id(&claimed["run"]));
        let reserve = json!({ "fence": claimed["fence"], "amount": 700 });
        api.post(&path("reserve"), reserve).await.expect(200);
        let bill = json!({ "usage": { "input": 100, "output": 20 }, "cost": 700 });
        let fail = json!({ "fence": claimed["fence"], "failure": "tool_failed", "bill": bill });
        api.post(&path("fail"), fail).await.expect(200);
        assert_eq!(
            work().await,
            json!({ "runs": 0, "tokens": n * 120, "cost": n * 700 })
        );
        api.post(&path("retry"), json!({})).await.expect(201);
    }
}
