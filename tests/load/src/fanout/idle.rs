//! What a subscribed connection costs in memory while nothing happens.

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use crate::{client::subscribers::Subscribers, servers::Running, stamp::Clock};

/// The memory of so many connections.
#[derive(Clone, Copy, Debug)]
pub struct Idle {
    /// How many.
    pub connections: usize,
    /// What the server grew by for each, in KiB of resident memory. The kernel's socket buffers are not in it.
    pub kib_each: f64,
}

/// Connects step by step and measures at each.
///
/// # Errors
/// The server ended, or refuses connections.
pub async fn measure(server: &mut Running, steps: &[usize], clock: Clock) -> Result<Vec<Idle>> {
    let mut subscribers = Subscribers::start(server.address, server.dialect.clone(), clock).await?;
    let empty = settled(server).await?;
    let mut measured = Vec::with_capacity(steps.len());
    for &connections in steps {
        subscribers.grow_to(connections).await?;
        let grown = settled(server).await?.saturating_sub(empty);
        measured.push(Idle {
            connections,
            kib_each: grown as f64 / 1024.0 / connections as f64,
        });
    }
    Ok(measured)
}

/// Resident memory once it has stopped changing, or after three seconds.
async fn settled(server: &mut Running) -> Result<u64> {
    let mut last = server.usage()?.resident;
    for _ in 0..6 {
        sleep(Duration::from_millis(500)).await;
        let now = server.usage()?.resident;
        if now.abs_diff(last) < last / 200 {
            return Ok(now);
        }
        last = now;
    }
    Ok(last)
}
