//! Who looks at what at other nodes: each node tells all of its own again and again, and whatever it has not told for a
//! while is gone.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use shared_types::{topic::Topic, value::MemberId};
use tokio::time::{Instant, sleep_until};

use super::hub::Hub;

/// How often a node tells, though nothing has changed.
const EVERY: Duration = Duration::from_secs(5);
/// And how often at most.
const PACE: Duration = Duration::from_millis(250);
/// What was not told for so long is gone: three times in a row it was not heard.
const GONE_AFTER: Duration = Duration::from_secs(16);

/// A member, the page it looks at, which a topic shows, and from how many connections.
pub(super) type Look = (Topic, MemberId, String, u32);

/// What a node tells.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    node: String,
    looks: Vec<Look>,
}

/// Tells other nodes who looks at what here, and hears it of them, until the hub closes. Done at once where there are none.
pub async fn share_presence(hub: Arc<Hub>) {
    let Some(mut heard) = hub.journal.told() else {
        return;
    };
    let node = uuid::Uuid::new_v4().simple().to_string();
    let mut next = Instant::now();
    while !hub.is_closing() {
        tokio::select! {
            message = heard.recv() => {
                // What was missed comes again.
                if let Ok(message) = message
                    && let Ok(told) = serde_json::from_str::<Told>(&message)
                    && told.node != node
                {
                    let changed = hub.presence.set_elsewhere(told.node, told.looks);
                    hub.latest.presence_changed(changed);
                }
            }
            () = hub.presence.changed() => next = next.min(Instant::now() + PACE),
            () = sleep_until(next) => {
                tell(&hub, &node, hub.presence.here()).await;
                hub.latest.presence_changed(hub.presence.forget_elsewhere(GONE_AFTER));
                next = Instant::now() + EVERY;
            }
        }
    }
    tell(&hub, &node, Vec::new()).await;
}

async fn tell(hub: &Hub, node: &str, looks: Vec<Look>) {
    let told = Told {
        node: node.to_owned(),
        looks,
    };
    match serde_json::to_string(&told) {
        Ok(message) => {
            if let Err(error) = hub.journal.tell(message).await {
                tracing::debug!(%error, "other nodes can't be told who looks at what");
            }
        }
        Err(error) => tracing::error!(%error, "who looks at what can't be written"),
    }
}
