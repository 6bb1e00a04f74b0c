//! Any node takes any write.

use serde_json::json;
use tests::{Nodes, Writers, api::id, writers};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_start_together_found_one_organization() {
    let nodes = Nodes::spawn(3).await;
    let mut ids = Vec::new();
    for api in nodes.apis() {
        ids.push(id(&api.get("/organization").await.expect(200)).to_owned());
        assert_eq!(api.get("//health/writable").await.status, 200);
    }
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "{ids:?}");
    nodes.until_equal().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_write_as_fast_as_they_can_have_everything_once_and_in_one_order() {
    let nodes = Nodes::spawn(2).await;
    let apis = nodes.apis();
    apis[0].project("Web").await;
    nodes.until_equal().await;
    let writers = Writers::start("a", 12, &apis);
    writers.write_more(600).await;
    let told = writers.stop().await;
    nodes.until_equal().await;
    for api in &apis {
        writers::check(api, &told).await;
    }
    let activity = |api: &tests::Api| api.get("/activity?limit=200");
    let orders = [activity(&apis[0]).await, activity(&apis[1]).await];
    assert_eq!(orders[0].expect(200), orders[1].expect(200));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_carries_the_cursor_of_a_write_sees_it_on_any_node() {
    let nodes = Nodes::spawn(2).await;
    let apis = nodes.apis();
    for n in 0..50 {
        let (here, there) = (&apis[n % 2], &apis[(n + 1) % 2]);
        let name = format!("Project {n}");
        let made = here.post("/projects", json!({ "name": name })).await;
        let path = format!("/projects/{}", id(&made.expect(201)));
        let read = there.get(&path).header("devteam-cursor", made.cursor());
        assert_eq!(read.await.expect(200)["name"], name);
    }
    let beyond = apis[0].get("/organization").await.cursor();
    let other = format!("zzzzzzzz:{}", beyond.seq);
    let refused = apis[0].get("/organization").header("devteam-cursor", other);
    refused.await.problem(400, "invalid_cursor");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_holds_on_every_node() {
    let nodes = Nodes::spawn(2).await;
    let apis = nodes.apis();
    let create = |api: &tests::Api| api.post("/projects", json!({ "name": "Web" })).key("k");
    let (first, second) = tokio::join!(create(&apis[0]), create(&apis[1]));
    assert_eq!(first.expect(201), second.expect(201));
    let replayed = [&first, &second].map(|answer| answer.header("idempotency-replayed") == "true");
    assert_eq!(replayed.iter().filter(|replayed| **replayed).count(), 1);
    nodes.until_equal().await;
    for api in &apis {
        let again = create(api).await;
        assert_eq!(again.expect(201), first.expect(201));
        assert_eq!(again.header("idempotency-replayed"), "true");
        let other = api.post("/projects", json!({ "name": "Other" })).key("k");
        other.await.problem(422, "idempotency_key_reused");
    }
}
