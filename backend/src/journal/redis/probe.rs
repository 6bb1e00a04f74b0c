use std::{sync::LazyLock, time::Duration};

use redis::Script;

use super::{RedisServer, error::Failure, keys::Keys, listener::Ear};

static PROBE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("probe.lua")));

/// Before what a probe publishes.
const MARK: &str = "probe ";
/// How long what is published may take to be heard.
const PATIENCE: Duration = Duration::from_secs(2);

/// Writes and publishes as an append does, and waits until that is heard.
pub(super) async fn probe(server: &RedisServer, keys: &Keys, ear: &Ear) -> Result<(), Failure> {
    let mut pulse = ear.pulse.subscribe();
    let nonce = uuid::Uuid::new_v4().to_string();
    let message = format!("{MARK}{nonce}");
    let publish = server.publish_command();
    server
        .run::<()>(
            &PROBE,
            &[&keys.probe, &keys.state],
            &[publish, &keys.nodes, &message],
        )
        .await?;
    match tokio::time::timeout(PATIENCE, pulse.wait_for(|heard| *heard == nonce)).await {
        Ok(Ok(_)) => Ok(()),
        _ => Err(Failure::NoAnswer(format!(
            "what was published is not heard within {PATIENCE:?}"
        ))),
    }
}

/// What a probe has published.
pub(super) fn nonce(payload: &[u8]) -> Option<&str> {
    std::str::from_utf8(payload).ok()?.strip_prefix(MARK)
}
