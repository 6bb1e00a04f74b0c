//! Several servers on one Redis, each with a network of its own to it.

use futures_util::future::join_all;
use shared_types::{Topic, model::Entity};

use crate::{Api, Options, Proxy, Redis, Server, wait::until};

/// Servers that share an organization.
#[derive(Debug)]
pub struct Nodes {
    // In this order they go: Redis last, so that no server waits for it in vain.
    pub servers: Vec<Server>,
    /// The way of each to Redis.
    pub networks: Vec<Proxy>,
    pub redis: Redis,
}

impl Nodes {
    /// So many on a Redis that keeps everything.
    pub async fn spawn(count: usize) -> Self {
        Self::on(Redis::spawn(), count).await
    }

    /// So many on this one.
    pub async fn on(redis: Redis, count: usize) -> Self {
        Self::with(redis, count, |_, options| options).await
    }

    /// So many on this one, each with options of its own.
    pub async fn with(
        redis: Redis,
        count: usize,
        options: impl Fn(usize, Options) -> Options,
    ) -> Self {
        let mut networks = Vec::new();
        for _ in 0..count {
            networks.push(Proxy::before(redis.address()).await);
        }
        let all = networks.iter().enumerate().map(|(number, network)| {
            let journal = format!("redis://{}", network.address());
            let plain = Options {
                journal: Some(journal),
                ..Options::default()
            };
            let options = options(number, plain);
            // All at once, each on a thread, as starting waits for what the proxies carry.
            tokio::task::spawn_blocking(move || Server::with(options))
        });
        let servers = join_all(all).await;
        let servers = servers.into_iter().map(|server| server.expect("it starts"));
        Self {
            servers: servers.collect(),
            networks,
            redis,
        }
    }

    /// A client of each.
    pub fn apis(&self) -> Vec<Api> {
        self.servers.iter().map(Server::api).collect()
    }

    /// Waits until all are at the position of the first, and show the same.
    ///
    /// # Panics
    /// They do not in time.
    pub async fn until_equal(&self) {
        let apis = self.apis();
        until("all nodes to show the same", async || {
            let shown = join_all(apis.iter().map(everything)).await;
            shown
                .windows(2)
                .all(|pair| pair[0] == pair[1])
                .then_some(())
        })
        .await;
    }
}

/// Every topic with a snapshot, as JSON with its cursor.
async fn everything(api: &Api) -> Vec<String> {
    let org = api.snapshot("org").await;
    let projects = org
        .snapshot
        .projects
        .iter()
        .flatten()
        .map(|project| Topic::Project(project.id()));
    let members = org
        .snapshot
        .members
        .iter()
        .flatten()
        .map(|member| Topic::Member(member.id()));
    let topics = [Topic::Org].into_iter().chain(projects).chain(members);
    let shown = topics
        .map(|topic| async move { api.get(&format!("/snapshot?topic={topic}")).await.text() });
    join_all(shown).await
}
