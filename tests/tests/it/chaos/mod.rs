//! Many clients, many faults, one end: everyone sees the same.

mod board;
mod nodes;
mod one;
mod step;

pub use board::Board;
use futures_util::future::join_all;
use tests::{LiveClient, Proxy, proxy::Mode};
use tokio::time::Duration;

/// A client that failed often waits up to 15 s before it tries again; a busy machine can make one more attempt fail.
const COMING_BACK: Duration = Duration::from_secs(60);

/// The networks carry everything again, and all clients end with what the server shows, and with each event once.
async fn come_back(clients: &mut [(Proxy, LiveClient)]) {
    let back = clients.iter_mut().map(|(proxy, client)| {
        proxy.set(Mode::Pass);
        client.until_within(COMING_BACK, "the end of all trouble", |client| {
            client.health().settled
        })
    });
    join_all(back).await;
    for (_, client) in clients {
        client.until_equal().await;
        let events = &client.events;
        for topic in client.topics() {
            let seqs = events
                .iter()
                .filter(|(_, topics)| topics.contains(&topic))
                .map(|(event, _)| event.seq);
            assert!(seqs.is_sorted_by(|a, b| a < b), "{topic}");
        }
    }
}
