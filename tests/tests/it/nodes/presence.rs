//! Who looks at what, across nodes.

use serde_json::json;
use tests::{Nodes, Socket};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_looks_at_one_node_is_seen_at_the_other_until_the_node_is_gone() {
    let mut nodes = Nodes::spawn(2).await;
    let mut visitor = Socket::welcomed(nodes.servers[0].address()).await;
    let mut watcher = Socket::welcomed(nodes.servers[1].address()).await;
    let subscribe = json!({ "type": "subscribe", "id": 1, "topic": "org" });
    watcher.ask(subscribe).await;
    visitor
        .send(json!({ "type": "look", "path": "/projects" }))
        .await;
    let seen = watcher.within(10_000, "presence").await.expect("told");
    assert_eq!(seen["members"][0]["path"], "/projects");
    visitor
        .send(json!({ "type": "look", "path": "/members" }))
        .await;
    let moved = watcher.within(10_000, "presence").await.expect("told");
    assert_eq!(moved["members"][0]["path"], "/members");
    assert_eq!(moved["members"].as_array().map(Vec::len), Some(1));
    nodes.servers[0].kill();
    let gone = watcher.within(30_000, "presence").await.expect("told");
    assert_eq!(gone["members"], json!([]));
}
