use std::collections::BTreeSet;

use serde_json::json;
use shared_types::{sync::Transport, topic::Topic};
use tests::{LiveClient, Proxy, Server, api::id, proxy::Mode};

/// Seqs of the events that were new on a topic, in the order in which they came.
fn seqs(client: &LiveClient, topic: Topic) -> Vec<u64> {
    client
        .events
        .iter()
        .filter(|(_, topics)| topics.contains(&topic))
        .map(|(event, _)| event.seq)
        .collect()
}

#[tokio::test]
async fn a_client_that_switches_transport_in_mid_stream_misses_nothing_and_gets_nothing_twice() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let task = api.task(&web, "Task").await;
    let project: Topic = format!("project:{}", id(&web)).parse().unwrap();
    let mut reference = server.live(Transport::WebSocket).await;
    reference.follow("project:web").await;
    let mut client = server.live(Transport::WebSocket).await;
    for topic in ["org", "project:web", &format!("item:{}", id(&task))] {
        client.follow(topic).await;
    }
    let writes = async {
        for n in 0..120 {
            api.patch(
                &format!("/items/{}", id(&task)),
                json!({ "title": format!("Title {n}") }),
            )
            .await
            .expect(200);
            api.task(&web, &format!("Task {n}")).await;
        }
    };
    let switches = async {
        for n in 0..12 {
            client.switch(Transport::ALL[(n + 1) % 3]).await;
            let before = client.events.len();
            client
                .until("some events", |client| {
                    client.events.len() > before || client.events.len() >= 200
                })
                .await;
        }
    };
    tokio::join!(writes, switches);
    reference.until_equal().await;
    client.until_equal().await;
    let told = seqs(&client, project);
    assert_eq!(told, seqs(&reference, project));
    assert_eq!(told.iter().collect::<BTreeSet<_>>().len(), told.len());
    assert_eq!(told.len(), 240);
    assert_eq!(
        client.snapshots.len(),
        3,
        "one for each topic, at the beginning"
    );
}

#[tokio::test]
async fn a_line_that_is_cut_again_and_again_misses_nothing() {
    let server = Server::spawn();
    let api = server.api();
    let web = api.project("Web").await;
    let proxy = Proxy::before(server.address()).await;
    let mut clients = Vec::new();
    for transport in Transport::ALL {
        let mut client = LiveClient::connect(proxy.address(), transport).await;
        client.follow("project:web").await;
        clients.push(client);
    }
    for round in 0..8 {
        for n in 0..5 {
            api.task(&web, &format!("Task {round} {n}")).await;
        }
        for client in &mut clients {
            client.read_for(20).await;
        }
        proxy.set(if round % 2 == 0 {
            Mode::Cut
        } else {
            Mode::Pass
        });
    }
    proxy.set(Mode::Pass);
    for client in &mut clients {
        client
            .until("all tasks", |client| {
                client.view("project:web").items.len() == 40
            })
            .await;
        client.until_equal().await;
        assert_eq!(client.snapshots.len(), 1, "resumed every time");
        let topic = client.view("project:web").topic;
        let told = seqs(client, topic);
        assert_eq!(told.len(), 40);
        assert!(told.is_sorted());
    }
}
