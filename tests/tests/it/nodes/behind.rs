//! A client that comes to a node which has got less far than it, and can't catch up.

use serde_json::json;
use shared_types::sync::Transport;
use tests::{Nodes, Socket, proxy::Mode, wait::in_time};

use super::faults::until_writable;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_cut_off_takes_nobody_back() {
    let nodes = Nodes::spawn(2).await;
    let apis = nodes.apis();
    let project = apis[0].project("Web").await;
    nodes.until_equal().await;
    let mut clients = Vec::new();
    for transport in Transport::ALL {
        let mut client = nodes.servers[0].live(transport).await;
        client.follow("project:web").await;
        clients.push(client);
    }
    nodes.networks[1].set(Mode::Cut);
    until_writable(&apis[1], 503).await;
    apis[0].task(&project, "Written meanwhile").await;
    let there = apis[0].snapshot("org").await.cursor;
    for client in &mut clients {
        client.until_equal().await;
    }

    for topics in ["project:web", "org,all"] {
        let path = format!("/events?topics={topics}&after={there}");
        let refused = apis[1].get(&path).await;
        let problem = refused.problem(503, "unavailable");
        assert_eq!(problem["retryable"], true);
        assert!(!refused.header("retry-after").is_empty());
    }
    let stream = format!("/sse?topics=org&after={there}");
    let stream = in_time("the stream to end", async { apis[1].get(&stream).await }).await;
    let said = stream.text();
    assert!(said.contains("event: problem\n"), "{said}");
    assert!(said.contains(r#""code":"unavailable""#), "{said}");
    assert!(!said.contains("subscribed"), "{said}");
    let mut socket = Socket::welcomed(nodes.servers[1].address()).await;
    for id in 1..=3 {
        let ask =
            json!({ "type": "subscribe", "id": id, "topic": "org", "after": there.to_string() });
        let refused = socket.ask(ask).await;
        assert_eq!(
            (&refused["code"], &refused["retryable"]),
            (&json!("unavailable"), &json!(true))
        );
    }

    for client in &mut clients {
        let before = client.snapshots.len();
        client.move_to(nodes.servers[1].address()).await;
        client
            .until("it to be put off", |client| {
                client.put_off > 0 || client.health().last_error.is_some()
            })
            .await;
        assert_eq!(client.snapshots.len(), before);
    }
    nodes.networks[1].set(Mode::Pass);
    apis[0].task(&project, "Written after it").await;
    for client in &mut clients {
        client
            .until("it to go on", |client| {
                client.health().settled && client.events.len() >= 2
            })
            .await;
        client.until_equal().await;
        assert_eq!(client.snapshots.len(), 1, "it was never taken back");
        let seqs = client.events.iter().map(|(event, _)| event.seq);
        assert!(seqs.is_sorted_by(|a, b| a < b));
    }
}
