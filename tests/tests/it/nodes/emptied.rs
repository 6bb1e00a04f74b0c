//! A Redis in which nothing is any more, and one that answers nothing when it is time to go.

use std::time::Duration;

use serde_json::json;
use tests::{Nodes, Server, wait::until};

use super::{organizations::add, sessions::signed_in};
use crate::access::until_open;

/// What a supervisor gives a server to end.
const WITHIN: Duration = Duration::from_secs(10);

fn end(server: &mut Server) {
    server.ask_to_end();
    let (status, took) = server.ended();
    assert!(status.success() && took < WITHIN, "{status} after {took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_of_an_emptied_redis_refuse_writes_go_on_reading_and_end_when_told_to() {
    let mut nodes = Nodes::spawn(2).await;
    let apis = nodes.apis();
    apis[0].project("Web").await;
    nodes.until_equal().await;
    nodes.redis.ask(&["FLUSHALL"]);
    for api in &apis {
        let another = api.post("/projects", json!({ "name": "Another" }));
        another.await.problem(503, "unavailable");
        until("the node to say that it takes no writes", async || {
            (api.get("//health/writable").await.status == 503).then_some(())
        })
        .await;
        assert_eq!(api.get("/projects/web").await.status, 200);
    }
    // It stays so: a probe that finds room finds no line.
    let first = &nodes.servers[0];
    let rounds = || first.log().matches("is not there any more").count();
    until("some rounds of probing", async || {
        (rounds() > 1).then_some(())
    })
    .await;
    assert_eq!(apis[0].get("//health/writable").await.status, 503);
    for server in &mut nodes.servers {
        end(server);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_many_organizations_and_a_redis_that_stands_still_a_node_ends_in_time() {
    let (mut nodes, _) = signed_in(&["--close-unused-minutes", "0.02"]).await;
    add(&nodes);
    for n in 0..8 {
        let (email, slug) = (format!("o{n}@example.com"), format!("others-{n}"));
        let create = ["create", "--email", &email, "--organization", &slug];
        let made = nodes.servers[0].account(&create, "correct horse battery\n");
        assert!(made.status.success(), "{made:?}");
    }
    until_open(&nodes.servers[0], 1.0).await;
    nodes.redis.pause();
    end(&mut nodes.servers[0]);
    nodes.redis.resume();
}
