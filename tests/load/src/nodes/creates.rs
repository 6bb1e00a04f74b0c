//! Durable creates through both nodes, beside what the same Redis takes of entries as large.

use std::time::Duration;

use anyhow::Result;

use super::{
    pair::Pair,
    xadd::{self, Entry},
};
use crate::{
    args::Scale,
    creates::{
        Creates, Store,
        devteam::{Load, at},
    },
    servers::organization,
};

/// Measures both at every number of clients, in turns on the same Redis.
///
/// # Errors
/// A node or Redis ended, or acknowledges nothing.
pub async fn measure(pair: &mut Pair, scale: &Scale) -> Result<(Store, Store)> {
    let mut nodes = Vec::with_capacity(scale.clients.len());
    let mut redis = Vec::with_capacity(scale.clients.len());
    let mut bytes = 0;
    for &clients in &scale.clients {
        eprintln!("two nodes: creates by {clients} clients");
        nodes.push(through_both(pair, clients, scale.window()).await?);
        eprintln!("{}: XADD by {clients} clients", pair.redis.name);
        let entry = Entry::newest(pair).await?;
        bytes = entry.bytes();
        redis.push(xadd::measure(&mut pair.redis, &entry, clients, scale.window()).await?);
    }
    let store = |name: String, creates| Store {
        name: format!("{name}, appendfsync {}", pair.flush.setting()),
        creates,
    };
    let xadd = format!("{}, XADD of {bytes} B", pair.redis.name);
    Ok((store("two nodes".into(), nodes), store(xadd, redis)))
}

/// Creates until there are as many events as are to be caught up with.
///
/// # Errors
/// As [`measure`].
pub async fn fill(pair: &mut Pair, scale: &Scale) -> Result<()> {
    let clients = scale.clients.last().copied().unwrap_or(1);
    while organization::position(&pair.first).await? < scale.events {
        through_both(pair, clients, scale.window()).await?;
    }
    Ok(())
}

async fn through_both(pair: &mut Pair, clients: usize, window: Duration) -> Result<Creates> {
    let servers = pair.addresses();
    let Pair {
        first,
        second,
        redis,
        requests,
        ..
    } = pair;
    let load = Load {
        servers: &servers,
        requests,
        clients,
        window,
    };
    let cpu = || Ok(first.usage()?.cpu + second.usage()?.cpu + redis.usage()?.cpu);
    at(load, cpu).await
}
