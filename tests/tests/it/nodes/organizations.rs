//! Organizations that come and go while nodes run.

use serde_json::json;
use tests::{Nodes, Redis, api::id, wait::until};

use super::sessions::signed_in;
use crate::access::{PASSWORD, cookie, sign_in, until_open, until_opened};

const EVE: &str = "eve@example.com";

/// The operator adds an organization, with one account in it.
pub(super) fn add(nodes: &Nodes) {
    let create = ["create", "--email", EVE, "--organization", "theirs"];
    let made = nodes.servers[0].account(&create, &format!("{PASSWORD}\n"));
    assert!(made.status.success(), "{made:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_that_is_added_while_nodes_run_is_at_each_of_them() {
    let (nodes, owner) = signed_in(&[]).await;
    add(&nodes);
    let mut eves = Vec::new();
    for server in &nodes.servers {
        let eve = until("the account to be known", async || {
            let eve = sign_in(server, EVE, PASSWORD).await;
            (eve.status == 201).then_some(eve)
        })
        .await;
        eves.push(server.api().browser(&cookie(&eve)));
    }
    for (eve, other) in [(&eves[0], &eves[1]), (&eves[1], &eves[0])] {
        let made = eve.post("/projects", json!({ "name": "Theirs" })).await;
        let project = made.expect(201);
        let path = format!("/projects/{}", id(&project));
        let read = other.get(&path).header("devteam-cursor", made.cursor());
        assert_eq!(read.await.expect(200)["id"], project["id"]);
        owner.get(&path).await.problem(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_closed_at_one_node_and_written_to_at_another_is_looked_after_at_both() {
    let (nodes, _) = signed_in(&["--close-unused-minutes", "0.02"]).await;
    add(&nodes);
    let [one, other] = [&nodes.servers[0], &nodes.servers[1]];
    // As soon as they hear of it, until nobody has come.
    until_opened(other, 1.0).await;
    until_open(other, 1.0).await;
    let eve = sign_in(one, EVE, PASSWORD).await;
    let eve = one.api().browser(&cookie(&eve));
    eve.project("Theirs").await;
    until_opened(other, 2.0).await;
    until_open(one, 1.0).await;
    until_open(other, 1.0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_closed_is_not_listened_to_and_a_tail_it_lost_meanwhile_is_noticed() {
    let (nodes, _) = signed_in(&["--close-unused-minutes", "0.02"]).await;
    add(&nodes);
    let one = &nodes.servers[0];
    let eve = sign_in(one, EVE, PASSWORD).await;
    let eve = one.api().browser(&cookie(&eve));
    let kept = eve.post("/projects", json!({ "name": "Kept" })).await;
    kept.expect(201);
    let theirs = eve.get("/organization").await.expect(200);
    let channels = format!("devteam:{{{}}}:*", id(&theirs));
    let listened = async || nodes.redis.ask(&["PUBSUB", "CHANNELS", &channels]);
    until("it to be listened to", async || {
        (!listened().await.is_empty()).then_some(())
    })
    .await;

    let replica = Redis::spawn();
    let port = nodes.redis.address().port().to_string();
    replica.ask(&["REPLICAOF", "127.0.0.1", &port]);
    until("the replica to have it all", async || {
        let info = replica.ask(&["INFO", "replication"]);
        info.contains("master_link_status:up").then_some(())
    })
    .await;
    nodes.redis.ask(&["WAIT", "1", "5000"]);
    replica.ask(&["REPLICAOF", "NO", "ONE"]);
    eve.project("Lost").await;
    for server in &nodes.servers {
        until_open(server, 1.0).await;
    }
    until("nobody to listen to it", async || {
        listened().await.is_empty().then_some(())
    })
    .await;
    for network in &nodes.networks {
        network.lead_to(replica.address());
    }
    let projects = until("it to be read again", async || {
        let read = eve.get("/projects").await;
        (read.status == 200).then_some(read)
    })
    .await;
    assert_ne!(projects.cursor().epoch, kept.cursor().epoch);
    let names = projects.expect(200);
    let names: Vec<_> = names["items"].as_array().expect("a list").iter().collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!(names[0]["name"], "Kept");
}
