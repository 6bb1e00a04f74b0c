//! Redis Cluster: three servers, each with a part of the keys.

use shared_types::sync::Transport;
use tests::{LiveClient, Options, RedisCluster, Server, Writers, api::id, wait::until, writers};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_share_an_organization_in_a_cluster() {
    let cluster = tokio::task::spawn_blocking(RedisCluster::spawn)
        .await
        .unwrap();
    let node = |cluster: &RedisCluster| {
        let journal = Some(cluster.url());
        tokio::task::spawn_blocking(move || {
            Server::with(Options {
                journal,
                ..Options::default()
            })
        })
    };
    let (first, second) = (node(&cluster).await.unwrap(), node(&cluster).await.unwrap());
    let apis = [first.api(), second.api()];
    let web = apis[0].project("Web").await;
    let path = format!("/projects/{}", id(&web));
    until("the project at the other node", async || {
        (apis[1].get(&path).await.status == 200).then_some(())
    })
    .await;
    let mut client = second.live(Transport::WebSocket).await;
    client.follow("project:web").await;
    let writers = Writers::start("a", 8, &apis);
    writers.write_more(200).await;
    let told = writers.stop().await;
    for api in &apis {
        assert_eq!(api.get("//health/writable").await.status, 200);
        let count = async || (writers::tasks(api).await.len() == told.len()).then_some(());
        until("all tasks", count).await;
        writers::check(api, &told).await;
    }
    let all = |client: &LiveClient| client.view("project:web").items.len() == told.len();
    client.until("all tasks", all).await;
    client.until_equal().await;
    assert_eq!(client.snapshots.len(), 1, "followed without a break");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_server_of_a_cluster_that_keeps_too_little_is_warned_of() {
    let cluster = tokio::task::spawn_blocking(RedisCluster::spawn)
        .await
        .unwrap();
    let forgetful = &cluster.servers[1..];
    for server in forgetful {
        server.ask(&["CONFIG", "SET", "appendonly", "no"]);
    }
    let journal = Some(cluster.url());
    let node = tokio::task::spawn_blocking(move || {
        Server::with(Options {
            journal,
            ..Options::default()
        })
    });
    let log = node.await.unwrap().log();
    let warned = |server: &tests::Redis| {
        let address = server.address().to_string();
        log.lines()
            .any(|line| line.contains(&address) && line.contains("Set appendonly yes"))
    };
    let warned: Vec<bool> = cluster.servers.iter().map(warned).collect();
    assert_eq!(warned, [false, true, true], "{log}");
}
