//! Between nodes: which logs were written to. What was written is read from where it is kept.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use shared_types::value::RunId;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::LogBook;
use crate::journal::Journal;

/// How often a node tells at most.
const PACE: Duration = Duration::from_millis(100);
/// When it tells again: the first word may not have been heard.
const AGAIN: Duration = Duration::from_secs(2);

/// What a node tells.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    node: String,
    logs: BTreeSet<RunId>,
}

/// Tells other nodes which logs are written to here, and hears it of them, until cancelled. Done at once where there are
/// none.
pub async fn share_logs(
    book: Arc<LogBook>,
    journal: Arc<dyn Journal>,
    cancelled: CancellationToken,
) {
    let Some(mut heard) = journal.told() else {
        return;
    };
    let node = uuid::Uuid::new_v4().simple().to_string();
    let tell = async |logs: BTreeSet<RunId>| {
        let node = node.clone();
        tell(&*journal, &Told { node, logs }).await;
    };
    let mut written = book.written();
    let mut version = book.version();
    let (mut fresh, mut told) = (BTreeSet::new(), BTreeSet::new());
    let mut next = Instant::now();
    let mut again = tokio::time::interval(AGAIN);
    loop {
        tokio::select! {
            () = cancelled.cancelled() => return,
            message = heard.recv() => {
                // What was missed is told again.
                if let Ok(message) = message
                    && let Ok(told) = serde_json::from_str::<Told>(&message)
                    && told.node != node
                {
                    told.logs.into_iter().for_each(|run| book.written_elsewhere(run));
                }
            }
            changed = written.changed() => {
                if changed.is_err() {
                    return;
                }
                let since = std::mem::replace(&mut version, book.version());
                fresh.extend(book.written_here_since(since));
            }
            () = sleep_until(next), if !fresh.is_empty() => {
                told.extend(fresh.iter().copied());
                tell(std::mem::take(&mut fresh)).await;
                next = Instant::now() + PACE;
            }
            _ = again.tick(), if !told.is_empty() => tell(std::mem::take(&mut told)).await,
        }
    }
}

async fn tell(journal: &dyn Journal, told: &Told) {
    match serde_json::to_string(told) {
        Ok(message) => {
            if let Err(error) = journal.tell(message).await {
                tracing::debug!(%error, "other nodes can't be told which logs were written to");
            }
        }
        Err(error) => tracing::error!(%error, "what was written to can't be told"),
    }
}
