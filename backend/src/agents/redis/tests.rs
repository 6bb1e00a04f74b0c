use std::{collections::BTreeSet, time::Duration};

use ::tests::Redis;
use shared_types::model::{LogEntry, Logged};

use super::*;
use crate::agents::{
    lease::Leases,
    log::{LogError, RunLogs},
};

/// An organization in a Redis of its own, which must be kept as long.
fn line() -> (SharedLine, Redis) {
    let redis = Redis::spawn();
    let address = redis.url().parse().expect("an address");
    let line = SharedLine {
        server: RedisServer::new(address).expect("a server"),
        organization: uuid::Uuid::from_u128(1).into(),
    };
    (line, redis)
}

fn run(n: u128) -> RunId {
    uuid::Uuid::from_u128(n).into()
}

fn text(text: &str) -> LogEntry {
    LogEntry {
        at: None,
        what: Logged::Text { text: text.into() },
    }
}

#[tokio::test]
async fn a_lease_is_renewed_at_one_node_and_seen_at_another() {
    let (line, mut redis) = line();
    let (worker, observer) = (RedisLeases::new(line.clone()), RedisLeases::new(line));
    let pause = Duration::from_millis(300);
    assert!(
        observer.silent_for(run(1), 7).await < pause,
        "nobody has listened yet"
    );
    worker.renew(run(1), 7).await;
    assert!(observer.silent_for(run(1), 7).await < pause);
    tokio::time::sleep(pause).await;
    assert!(observer.silent_for(run(1), 7).await >= pause);
    worker.renew(run(1), 7).await;
    assert!(
        observer.silent_for(run(1), 7).await < pause,
        "it was heard of again"
    );
    tokio::time::sleep(pause).await;
    worker.renew(run(1), 8).await;
    assert!(
        observer.silent_for(run(1), 7).await >= pause,
        "another claim is another lease"
    );
    redis.kill();
    assert_eq!(
        observer.silent_for(run(1), 7).await,
        Duration::ZERO,
        "nobody can know"
    );
}

#[tokio::test]
async fn a_log_has_offsets_without_a_hole_whichever_node_writes() {
    let (line, _redis) = line();
    let (one, other) = (RedisLogs::new(line.clone()), RedisLogs::new(line));
    assert_eq!(one.read(run(1), 0, 9).await.expect("read").last, 0);
    for (logs, n, offset) in [(&one, 2, 1), (&other, 1, 3), (&one, 300, 4)] {
        let entries = (0..n).map(|n| text(&n.to_string())).collect();
        assert_eq!(
            logs.append(run(1), 7, entries).await.expect("written"),
            offset
        );
    }
    let page = other.read(run(1), 1, 3).await.expect("read");
    assert_eq!(page.entries, [text("1"), text("0"), text("0")]);
    assert_eq!(page.last, 303);
    let newer = other.append(run(1), 9, vec![text("b")]).await;
    assert_eq!(newer.expect("written"), 304);
    let late = one.append(run(1), 7, vec![text("late")]).await;
    assert!(matches!(late, Err(LogError::Stale(9))), "{late:?}");
}

#[tokio::test]
async fn what_a_worker_writes_again_by_the_same_key_at_another_node_is_there_once() {
    let (line, _redis) = line();
    let (one, other) = (RedisLogs::new(line.clone()), RedisLogs::new(line));
    for (logs, key, first, is_repeat) in [
        (&one, "a b", 1, false),
        (&other, "a b", 1, true),
        (&other, "c", 3, false),
        (&one, "c", 3, true),
    ] {
        let entries = vec![text("x"), text("y")];
        let written = logs.append_once(run(1), 7, entries, Some(key.into())).await;
        let written = written.expect("written");
        assert_eq!((written.first, written.is_repeat), (first, is_repeat));
    }
    assert_eq!(one.read(run(1), 0, 9).await.expect("read").last, 4);
}

#[tokio::test]
async fn the_oldest_logs_are_forgotten_save_those_of_live_runs() {
    let (line, _redis) = line();
    let logs = RedisLogs::new(line);
    for n in 1..=5 {
        let written = logs.append(run(n), 1, vec![text("a")]).await;
        written.expect("written");
        // They are told apart by seconds.
        tokio::time::sleep(Duration::from_millis(if n == 3 { 1_100 } else { 0 })).await;
    }
    logs.prune(2, BTreeSet::from([run(1)]))
        .await
        .expect("pruned");
    for (n, left) in [(1, 1), (2, 0), (3, 0), (4, 1), (5, 1)] {
        let page = logs.read(run(n), 0, 9).await.expect("read");
        assert_eq!(page.last, left, "{n}");
    }
}
