//! A replica that goes on without the newest events.

use serde_json::json;
use shared_types::{sync::Transport, wire::Cursor};
use tests::{Api, LiveClient, Nodes, Redis, wait::until};

async fn cursor(api: &Api) -> Cursor {
    api.get("/organization").await.cursor()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_promoted_without_the_newest_events_begins_a_new_epoch_and_all_begin_anew() {
    let primary = Redis::spawn();
    let replica = Redis::spawn();
    let port = primary.address().port().to_string();
    replica.ask(&["REPLICAOF", "127.0.0.1", &port]);
    let nodes = Nodes::on(primary, 2).await;
    let apis = nodes.apis();
    apis[0].project("Kept").await;
    nodes.until_equal().await;
    let head = cursor(&apis[0]).await;
    until("the replica to have it all", async || {
        let info = replica.ask(&["INFO", "replication"]);
        let is_up = info.contains("master_link_status:up");
        (is_up && replica.ask(&["PUBSUB", "NUMPAT"]) == "0").then_some(())
    })
    .await;
    nodes.redis.ask(&["WAIT", "1", "5000"]);
    // From here on it gets no more, and then takes over.
    replica.ask(&["REPLICAOF", "NO", "ONE"]);
    let mut clients = Vec::new();
    for server in &nodes.servers {
        let mut client = server.live(Transport::WebSocket).await;
        client.follow("org").await;
        clients.push(client);
    }
    apis[1].project("Lost").await;
    for client in &mut clients {
        client
            .until("the project", |client| {
                client.view("org").projects.len() == 2
            })
            .await;
    }
    for network in &nodes.networks {
        network.lead_to(replica.address());
    }
    for api in &apis {
        until("a new epoch", async || {
            (cursor(api).await.epoch != head.epoch).then_some(())
        })
        .await;
    }
    nodes.until_equal().await;
    let now = cursor(&apis[0]).await;
    assert_eq!(now.seq, head.seq);
    assert_eq!(
        now.epoch,
        cursor(&apis[1]).await.epoch,
        "both are in the same life of the line"
    );
    for client in &mut clients {
        let told = |client: &LiveClient| client.view("org").projects.len() == 1;
        client.until("to be told that it is lost", told).await;
        client.until_equal().await;
    }
    // It goes on from there.
    apis[0]
        .post("/projects", json!({ "name": "Next" }))
        .await
        .expect(201);
    nodes.until_equal().await;
}
