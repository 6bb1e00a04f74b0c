//! What a subscribed connection costs in memory while nothing happens.

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use crate::{client::subscribers::Subscribers, servers::Running, stamp::Clock};

/// What connections took on the way from one number of them to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Idle {
    /// How many there were before.
    pub from: usize,
    /// How many there were then.
    pub to: usize,
    /// What the server grew by for each in between, in KiB. The kernel's socket buffers are not in it.
    ///
    /// The first step says little: what a server freed after its start its allocator keeps, and the first thousand
    /// connections may well live in that. Only the later steps say what one more connection costs.
    pub kib_each: f64,
}

/// Connects step by step and measures at each.
///
/// # Errors
/// The server ended, or refuses connections.
pub async fn measure(server: &mut Running, steps: &[usize], clock: Clock) -> Result<Vec<Idle>> {
    let mut subscribers = Subscribers::start(server.address, server.dialect.clone(), clock).await?;
    let (mut from, mut before) = (0, settled(server).await?);
    let mut measured = Vec::with_capacity(steps.len());
    for &to in steps {
        subscribers.grow_to(to).await?;
        let after = settled(server).await?;
        let grown = after as f64 - before as f64;
        measured.push(Idle {
            from,
            to,
            kib_each: grown / 1024.0 / (to - from) as f64,
        });
        (from, before) = (to, after);
    }
    Ok(measured)
}

/// Its memory once it has stopped changing, or after three seconds.
async fn settled(server: &mut Running) -> Result<u64> {
    let mut last = server.usage()?.memory;
    for _ in 0..6 {
        sleep(Duration::from_millis(500)).await;
        let now = server.usage()?.memory;
        if now.abs_diff(last) < last / 200 {
            return Ok(now);
        }
        last = now;
    }
    Ok(last)
}
