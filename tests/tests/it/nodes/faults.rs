//! What goes on when something fails, and that it goes on by itself when that is over.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde_json::json;
use shared_types::sync::Transport;
use tests::{
    Api, LiveClient, Nodes, Options, Redis, Writers, api::id, proxy::Mode, wait::until, writers,
};

/// Clients that failed often wait up to 15 s before they try again.
const COMING_BACK: Duration = Duration::from_secs(60);

/// As long as Redis and a node stand still: far beyond every timeout on their way.
const REDIS_STILL: Duration = Duration::from_secs(30);
const NODE_STILL: Duration = Duration::from_secs(60);

/// Nodes with a project, writers at all of them, and a client that follows at each.
struct Busy {
    nodes: Nodes,
    writers: Writers,
    clients: Vec<LiveClient>,
}

impl Busy {
    async fn new(count: usize) -> Self {
        Self::on(Nodes::spawn(count).await).await
    }

    async fn on(nodes: Nodes) -> Self {
        nodes.servers[0].api().project("Web").await;
        nodes.until_equal().await;
        let mut clients = Vec::new();
        for (server, transport) in nodes.servers.iter().zip(Transport::ALL) {
            let mut client = server.live(transport).await;
            client.follow("project:web").await;
            clients.push(client);
        }
        let writers = Writers::start("a", 6, &nodes.apis());
        writers.write_more(30).await;
        Self {
            nodes,
            writers,
            clients,
        }
    }

    /// Everybody goes on, as far as that is possible, for so long.
    async fn goes_on_for(&mut self, time: Duration) {
        let millis = time.as_millis().try_into().expect("a short time");
        let reading = self.clients.iter_mut();
        join_all(reading.map(|client| client.read_for(millis))).await;
    }

    /// Everything acknowledged is there once, every node shows the same, and so does every client.
    async fn ends_well(mut self) {
        self.writers.write_more(30).await;
        let told = self.writers.stop().await;
        self.nodes.until_equal().await;
        for api in self.nodes.apis() {
            writers::check(&api, &told).await;
        }
        for client in &mut self.clients {
            client
                .until_within(COMING_BACK, "the end of all trouble", |client| {
                    client.health().settled
                })
                .await;
            client.until_equal().await;
            let seqs = client.events.iter().map(|(event, _)| event.seq);
            assert!(
                seqs.is_sorted_by(|a, b| a < b),
                "nothing twice, nothing out of order"
            );
        }
    }
}

/// Waits until a node says that it takes writes, or that it does not.
pub(super) async fn until_writable(api: &Api, status: u16) {
    until(&format!("/health/writable to be {status}"), async || {
        (api.get("//health/writable").await.status == status).then_some(())
    })
    .await;
}

/// A node that is cut off reads on from memory and says how old that is; a write is refused and may be tried again.
async fn reads_on_and_refuses_writes(api: &Api) {
    until_writable(api, 503).await;
    until("what is read to say how old it is", async || {
        let read = api.get("/projects/web").await;
        let stale: Option<u64> = read.header("devteam-stale").parse().ok();
        assert_eq!(read.expect(200)["slug"], "web");
        stale.filter(|seconds| *seconds >= 1)
    })
    .await;
    let ready = api.get("//health/ready").await.expect(200);
    assert_eq!(
        (&ready["loaded"], &ready["writes"]),
        (&json!(true), &json!(false))
    );
    let refused = api
        .post("/projects", json!({ "name": "Refused" }))
        .key("refused")
        .await;
    assert_eq!(refused.expect(503)["retryable"], true);
}

/// It is as before, and says so.
async fn is_well_again(api: &Api) {
    let deadline = Instant::now() + COMING_BACK;
    while api.get("//health/writable").await.status != 200 {
        assert!(Instant::now() < deadline, "it takes no writes");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    until("what is read to be new", async || {
        api.get("/projects/web")
            .await
            .header("devteam-stale")
            .is_empty()
            .then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_killed_and_restarted_loses_nothing_that_was_acknowledged() {
    let mut busy = Busy::new(2).await;
    for _ in 0..5 {
        busy.writers.write_more(20).await;
        busy.nodes.redis.kill();
        busy.nodes.redis.restart();
    }
    busy.ends_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_redis_is_paused_reads_go_on_and_writes_go_through_when_it_is_back() {
    let mut busy = Busy::new(2).await;
    busy.nodes.redis.pause();
    for api in busy.nodes.apis() {
        reads_on_and_refuses_writes(&api).await;
    }
    busy.goes_on_for(REDIS_STILL).await;
    busy.nodes.redis.resume();
    for api in busy.nodes.apis() {
        is_well_again(&api).await;
    }
    busy.ends_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_three_nodes_the_one_that_is_cut_off_reads_on_and_catches_up() {
    for mode in [Mode::Cut, Mode::Stall] {
        let busy = Busy::new(3).await;
        let apis = busy.nodes.apis();
        busy.nodes.networks[2].set(mode);
        reads_on_and_refuses_writes(&apis[2]).await;
        for api in &apis[..2] {
            assert_eq!(api.get("//health/writable").await.status, 200);
            api.project("Written meanwhile").await;
        }
        busy.nodes.networks[2].set(Mode::Pass);
        is_well_again(&apis[2]).await;
        busy.ends_well().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_full_or_read_only_is_told_and_when_it_is_not_it_goes_on() {
    let nodes = Nodes::spawn(2).await;
    let apis = nodes.apis();
    apis[0].project("Web").await;
    nodes.until_equal().await;
    let faults = [
        [
            vec!["CONFIG", "SET", "maxmemory", "1"],
            vec!["CONFIG", "SET", "maxmemory", "0"],
        ],
        [
            vec!["REPLICAOF", "127.0.0.1", "1"],
            vec!["REPLICAOF", "NO", "ONE"],
        ],
    ];
    for (n, [begin, end]) in faults.iter().enumerate() {
        nodes.redis.ask(begin);
        for (at, api) in apis.iter().enumerate() {
            let key = format!("{n}-{at}");
            let write = || {
                api.post(
                    "/items",
                    json!({ "kind": "task", "title": key, "project": "web" }),
                )
                .key(&key)
            };
            let refused = write().await;
            assert_eq!(refused.problem(503, "unavailable")["retryable"], true);
            until_writable(api, 503).await;
            api.get("/projects/web").await.expect(200);
        }
        nodes.redis.ask(end);
        for (at, api) in apis.iter().enumerate() {
            until_writable(api, 200).await;
            let key = format!("{n}-{at}");
            let task = json!({ "kind": "task", "title": key, "project": "web" });
            let made = api.post("/items", task).key(&key).await;
            assert!(!id(&made.expect(201)).is_empty());
        }
    }
    nodes.until_equal().await;
    assert_eq!(writers::tasks(&apis[0]).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_killed_and_one_that_is_paused_hold_up_nobody_and_come_back() {
    let mut busy = Busy::new(3).await;
    busy.nodes.servers[0].kill();
    busy.nodes.servers[1].pause();
    let third = busy.nodes.servers[2].api();
    for n in 0..30 {
        third.project(&format!("Project {n}")).await;
    }
    busy.nodes.servers[0].restart();
    busy.goes_on_for(NODE_STILL).await;
    busy.nodes.servers[1].resume();
    for server in &busy.nodes.servers {
        until_writable(&server.api(), 200).await;
    }
    busy.ends_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_an_hour_apart_put_nothing_out_of_order() {
    let clock = |node, options: Options| options.hours_ahead([-1, 0, 1][node]);
    let nodes = Nodes::with(Redis::spawn(), 3, clock).await;
    let mut hours = BTreeSet::new();
    for api in nodes.apis() {
        // Thu, 26 Nov 2026 05:47:21 GMT
        let date = api.get("/organization").await.header("date").to_owned();
        hours.insert(date[17..19].to_owned());
    }
    assert_eq!(hours.len(), 3, "three clocks: {hours:?}");
    let busy = Busy::on(nodes).await;
    busy.writers.write_more(60).await;
    let times = busy.clients[0].events.iter().map(|(event, _)| event.at);
    assert!(
        times.is_sorted(),
        "no event is older than the one before it"
    );
    busy.ends_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_says_at_its_start_what_its_redis_does_not_keep() {
    let nodes = Nodes::on(Redis::with(&[]), 1).await;
    let log = nodes.servers[0].log();
    assert!(log.contains("everything is lost"), "{log}");
    let kept = Nodes::spawn(1).await;
    let log = kept.servers[0].log();
    assert!(!log.contains("lost"), "{log}");
}
