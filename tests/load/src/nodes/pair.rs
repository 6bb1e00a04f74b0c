//! Two nodes of the product on one Redis.

use std::net::SocketAddr;

use anyhow::Result;

use crate::servers::{
    Place, Running, devteam,
    redis::{Flush, Redis},
};

/// Projects that tasks are created in: an odd number, so that the clients of either node get to all of them.
const PROJECTS: usize = 7;

/// The nodes and their Redis. Stopped and deleted when dropped.
#[derive(Debug)]
pub struct Pair {
    // In this order they go: Redis last, so that no node waits for it in vain.
    /// The node that the lanes write to.
    pub first: Running,
    /// The other one.
    pub second: Running,
    /// What they share.
    pub redis: Redis,
    /// When it flushes.
    pub flush: Flush,
    /// Each creates a task in another project.
    pub requests: Vec<Vec<u8>>,
}

impl Pair {
    /// Starts Redis, then one node after the other.
    ///
    /// # Errors
    /// Redis isn't there, or one of them doesn't start.
    pub async fn start(place: &Place, lanes: usize, flush: Flush) -> Result<Self> {
        eprintln!("two nodes: starting, appendfsync {}", flush.setting());
        let redis = Redis::start(place, flush).await?;
        let first = devteam::start(place, &redis.url(), lanes).await?;
        let requests = devteam::create_requests(&first, PROJECTS).await?;
        let second = devteam::serve(place, &redis.url()).await?;
        Ok(Self {
            first,
            second,
            redis,
            flush,
            requests,
        })
    }

    /// Where both nodes are.
    pub fn addresses(&self) -> [SocketAddr; 2] {
        [self.first.address, self.second.address]
    }
}
