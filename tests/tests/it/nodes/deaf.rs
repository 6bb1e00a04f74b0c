//! Connections that are up and on which nothing is heard, as after a failover.

use shared_types::sync::Transport;
use tests::{Api, Nodes, api::id, proxy::Mode, wait::until};

use super::faults::until_writable;

/// Whether what is read says that it may be old.
async fn until_stale(api: &Api, is_stale: bool) {
    until("what is read to say how old it is, or not", async || {
        let read = api.get("/organization").await;
        let says = !read.header("devteam-stale").is_empty();
        (says == is_stale).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_connected_and_deaf_says_so_reads_on_and_connects_anew() {
    let nodes = Nodes::spawn(2).await;
    let apis = nodes.apis();
    let mut client = nodes.servers[1].live(Transport::WebSocket).await;
    client.follow("org").await;
    for round in 0..2 {
        nodes.networks[1].set(Mode::Deaf);
        until_writable(&apis[1], 503).await;
        until_stale(&apis[1], true).await;
        // Redis answers it all the same, so what others write is read.
        let made = apis[0].project(&format!("Unheard {round}")).await;
        let path = format!("/projects/{}", id(&made));
        until("what is written elsewhere to be read", async || {
            (apis[1].get(&path).await.status == 200).then_some(())
        })
        .await;
        client.until_equal().await;
        assert_eq!(apis[0].get("//health/writable").await.status, 200);
        // The old connections stay deaf: only new ones hear.
        nodes.networks[1].set(Mode::Pass);
        until_writable(&apis[1], 200).await;
        until_stale(&apis[1], false).await;
    }
    apis[1].project("Taken again").await;
    nodes.until_equal().await;
    client.until_equal().await;
}
