//! What the nodes of one organization share of AI work, in the Redis that has its line of events.

mod leases;
mod logs;
mod providers;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use shared_types::value::{OrganizationId, RunId};

pub use leases::RedisLeases;
pub use logs::RedisLogs;
pub use providers::RedisShelf;

use crate::journal::{LineName, RedisServer};

/// An organization in Redis.
#[derive(Clone)]
pub struct SharedLine {
    pub server: Arc<RedisServer>,
    pub organization: OrganizationId,
}

impl SharedLine {
    /// A key of it. All lie on the server that has its events.
    fn key(&self, name: &str) -> String {
        LineName::Organization(self.organization).key(name)
    }

    /// Stream: the log of a run. The id of an entry is its offset and `-0`.
    fn log(&self, run: RunId) -> String {
        self.key(&format!("run:{run}"))
    }
}
