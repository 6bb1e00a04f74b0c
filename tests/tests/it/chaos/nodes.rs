//! Three nodes on one Redis, with clocks an hour apart, all of which fail while many write and many follow.

use std::{
    cell::Cell,
    env,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use shared_types::sync::Transport;
use tests::{
    Api, LiveClient, Nodes, Options, Proxy, Redis, Seeded, Writers, api::id, proxy::Mode,
    wait::until, writers,
};
use tokio::time::sleep;

use super::{Board, come_back, step::Step};

/// How long it goes on. `DEVTEAM_CHAOS_SECONDS` says otherwise.
const SECONDS: u64 = 60;
const CLIENTS: usize = 24;
const WRITERS: u32 = 3;
/// Changes before it begins, and items that each client follows from the start.
const BEFORE: usize = 200;
const QUIET: usize = 50;
/// What a fault lasts, mostly; and at most where there is time for it.
const SHORT: usize = 6_000;
const LONG: usize = 60_000;
/// From this on there is.
const ENOUGH: Duration = Duration::from_secs(600);
/// How far the clocks of the nodes are ahead.
const HOURS: [i32; 3] = [0, 1, -1];
/// What they write at most: a project takes 200,000 items, and there are others who write.
const TASKS: u32 = 100_000;

/// Something that fails, until it is mended.
#[derive(Debug, Clone, Copy)]
enum Fault {
    RedisKilled,
    RedisPaused,
    RedisFull,
    RedisReadOnly,
    /// The way of a node to Redis.
    Network(usize, Mode),
    NodeKilled(usize),
    NodePaused(usize),
}

impl Fault {
    fn draw(dice: &mut Seeded) -> Self {
        let node = dice.below(3);
        match dice.below(10) {
            0 => Self::RedisKilled,
            1 => Self::RedisPaused,
            2 => Self::RedisFull,
            3 => Self::RedisReadOnly,
            4 | 5 => Self::Network(node, Mode::Cut),
            6 | 7 => Self::Network(node, Mode::Stall),
            8 => Self::NodeKilled(node),
            _ => Self::NodePaused(node),
        }
    }

    fn begin(self, nodes: &mut Nodes) {
        match self {
            Self::RedisKilled => nodes.redis.kill(),
            Self::RedisPaused => nodes.redis.pause(),
            Self::RedisFull => drop(nodes.redis.ask(&["CONFIG", "SET", "maxmemory", "1"])),
            Self::RedisReadOnly => drop(nodes.redis.ask(&["REPLICAOF", "127.0.0.1", "1"])),
            Self::Network(node, mode) => nodes.networks[node].set(mode),
            Self::NodeKilled(node) => nodes.servers[node].kill(),
            Self::NodePaused(node) => nodes.servers[node].pause(),
        }
    }

    fn end(self, nodes: &mut Nodes) {
        match self {
            Self::RedisKilled => nodes.redis.restart(),
            Self::RedisPaused => nodes.redis.resume(),
            Self::RedisFull => drop(nodes.redis.ask(&["CONFIG", "SET", "maxmemory", "0"])),
            Self::RedisReadOnly => drop(nodes.redis.ask(&["REPLICAOF", "NO", "ONE"])),
            Self::Network(node, _) => nodes.networks[node].set(Mode::Pass),
            Self::NodeKilled(node) => nodes.servers[node].restart(),
            Self::NodePaused(node) => nodes.servers[node].resume(),
        }
    }
}

/// Clients on all nodes, which follow, sleep, drop, switch and resume.
async fn clients(nodes: &Nodes, board: &Board) -> Vec<(Proxy, LiveClient)> {
    let mut clients = Vec::new();
    for n in 0..CLIENTS {
        let proxy = Proxy::before(nodes.servers[n % 3].address()).await;
        let mut client = LiveClient::connect(proxy.address(), Transport::ALL[n / 3 % 3]).await;
        client.follow("org").await;
        // On most of them nothing happens any more.
        for item in board.items.iter().take(QUIET) {
            client.ask_for(&format!("item:{}", id(item))).await;
        }
        clients.push((proxy, client));
    }
    clients
}

/// One fault after the other, until the time is over; all is mended at the end.
async fn trouble(nodes: &mut Nodes, mut dice: Seeded, time: Duration) {
    let begun = Instant::now();
    let long = if time < ENOUGH { SHORT } else { LONG };
    while begun.elapsed() < time {
        let fault = Fault::draw(&mut dice);
        let most = if dice.below(8) == 0 { long } else { SHORT };
        let lasts = Duration::from_millis(200 + dice.below(most) as u64);
        eprintln!(
            "{:>6.1} s: {fault:?} for {lasts:?}",
            begun.elapsed().as_secs_f64()
        );
        fault.begin(nodes);
        sleep(lasts).await;
        fault.end(nodes);
        sleep(Duration::from_millis(dice.below(3_000) as u64)).await;
    }
}

/// Some changes, and a step of each client beside them, again and again until it is over.
async fn work(
    servers: &[Api],
    clients: &mut [(Proxy, LiveClient)],
    board: &mut Board,
    mut dice: Seeded,
    is_over: &Cell<bool>,
) {
    while !is_over.get() {
        let steps: Vec<Step> = clients
            .iter()
            .map(|_| Step::draw(&mut dice, board))
            .collect();
        let taken = clients
            .iter_mut()
            .zip(steps)
            .map(|((proxy, client), step)| step.take(proxy, client));
        let changes = async {
            for _ in 0..dice.below(6) {
                let server = dice.pick(servers).expect("there are some").clone();
                board.change(&server, &mut dice).await;
            }
        };
        tokio::join!(join_all(taken), changes);
    }
}

async fn until_well(nodes: &Nodes) {
    for api in nodes.apis() {
        until("a node to take writes", async || {
            let answer = api.get("//health/writable").send().await.ok()?;
            (answer.status == 200).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_breaks_three_nodes_and_all_who_follow_them_end_the_same() {
    let seconds = env::var("DEVTEAM_CHAOS_SECONDS").map_or(SECONDS, |seconds| {
        seconds.parse().expect("DEVTEAM_CHAOS_SECONDS is a number")
    });
    let mut dice = Seeded::new(20_261_126);
    let apart = |n: usize, options: Options| options.hours_ahead(HOURS[n]);
    let mut nodes = Nodes::with(Redis::spawn(), HOURS.len(), apart).await;
    let servers = nodes.apis();
    servers[0].project("Web").await;
    nodes.until_equal().await;
    let mut board = Board::default();
    for n in 0..BEFORE {
        board.change(&servers[n % 3], &mut dice).await;
    }
    let mut clients = clients(&nodes, &board).await;
    let time = Duration::from_secs(seconds);
    let pause = time * WRITERS / TASKS;
    let writers = Writers::paced("chaos", WRITERS as usize, &servers, pause);
    let (faults, steps) = (dice.another(), dice.another());
    let is_over = Cell::new(false);
    let failing = async {
        trouble(&mut nodes, faults, time).await;
        is_over.set(true);
    };
    let working = work(&servers, &mut clients, &mut board, steps, &is_over);
    tokio::join!(failing, working);
    until_well(&nodes).await;
    let told = writers.stop().await;
    eprintln!("{} writes were acknowledged to the writers", told.len());
    come_back(&mut clients).await;
    nodes.until_equal().await;
    for server in &servers {
        writers::check(server, &told).await;
    }
}
