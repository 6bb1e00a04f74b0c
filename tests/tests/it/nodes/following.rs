//! Whoever follows hears of everything, whichever node it is written at.

use serde_json::json;
use shared_types::{sync::Transport, topic::Topic};
use tests::{LiveClient, Nodes, api::id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_follows_at_one_node_sees_what_is_written_at_another() {
    let nodes = Nodes::spawn(2).await;
    let apis = nodes.apis();
    let web = apis[0].project("Web").await;
    nodes.until_equal().await;
    let mut clients = Vec::new();
    for transport in Transport::ALL {
        let mut client = nodes.servers[1].live(transport).await;
        client.follow("project:web").await;
        clients.push(client);
    }
    for n in 0..40 {
        apis[n % 2].task(&web, &format!("Task {n}")).await;
    }
    for client in &mut clients {
        let all = |client: &LiveClient| client.view("project:web").items.len() == 40;
        client.until("all tasks", all).await;
        client.until_equal().await;
        assert_eq!(client.snapshots.len(), 1, "followed without a break");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_from_node_to_node_misses_nothing_and_gets_nothing_twice() {
    let nodes = Nodes::spawn(3).await;
    let apis = nodes.apis();
    let web = apis[0].project("Web").await;
    let task = apis[0].task(&web, "Task").await;
    nodes.until_equal().await;
    let mut client = nodes.servers[0].live(Transport::WebSocket).await;
    client.follow("project:web").await;
    let writes = async {
        for n in 0..150 {
            let title = json!({ "title": format!("Title {n}") });
            let path = format!("/items/{}", id(&task));
            apis[n % 3].patch(&path, title).await.expect(200);
        }
    };
    let moves = async {
        for n in 1..13 {
            client.move_to(nodes.servers[n % 3].address()).await;
            client.switch(Transport::ALL[n % 3]).await;
            let before = client.events.len();
            let some = |client: &LiveClient| client.events.len() > before || before >= 140;
            client.until("some events", some).await;
        }
    };
    tokio::join!(writes, moves);
    client.until_equal().await;
    let topic: Topic = format!("project:{}", id(&web)).parse().unwrap();
    let on_topic = client
        .events
        .iter()
        .filter(|(_, topics)| topics.contains(&topic));
    let seqs: Vec<u64> = on_topic.map(|(event, _)| event.seq).collect();
    assert_eq!(seqs.len(), 150);
    assert!(seqs.is_sorted_by(|a, b| a < b));
    assert_eq!(client.snapshots.len(), 1, "resumed every time");
}
