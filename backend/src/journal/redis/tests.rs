use std::sync::Arc;

use ::tests::Redis;
use shared_types::value::OrganizationId;

use super::*;
use crate::journal::conformance::{self, conformance};

/// A line in a Redis of its own. It must be kept as long as the line is used.
async fn open() -> (RedisJournal, Redis) {
    let redis = Redis::spawn();
    let server = server(&redis);
    let journal = RedisJournal::open(&server, line()).await;
    (journal.expect("a journal"), redis)
}

fn server(redis: &Redis) -> Arc<RedisServer> {
    let address = redis.url().parse().expect("an address");
    RedisServer::new(address).expect("a server")
}

fn line() -> LineName {
    LineName::Organization(OrganizationId::from(uuid::Uuid::from_u128(1)))
}

conformance!(open);

#[tokio::test]
async fn a_journal_opened_again_after_a_crash_is_as_it_was() {
    let (journal, mut redis) = open().await;
    conformance::what_was_appended_is_read_in_order_and_whole(&journal).await;
    let (head, records) = (
        journal.head().await.expect("a head"),
        journal.read(0, 10).await.expect("read"),
    );
    redis.kill();
    assert!(journal.head().await.is_err(), "nobody answers");
    redis.restart();
    let again = RedisJournal::open(&server(&redis), line())
        .await
        .expect("a journal");
    assert_eq!(again.head().await.expect("a head"), head);
    assert_eq!(again.read(0, 10).await.expect("read"), records);
    assert_eq!(journal.head().await.expect("it is there again"), head);
}

#[tokio::test]
async fn what_one_appends_the_other_hears_of() {
    let (journal, redis) = open().await;
    let other = RedisJournal::open(&server(&redis), line())
        .await
        .expect("a journal");
    let mut heard = other.watch().expect("others write to it");
    let record = Record {
        frame: r#"{"type":"event","event":{"seq":1}}"#.into(),
        ..conformance::record(1, vec![(Topic::Org, 0)])
    };
    let head = journal.head().await.expect("a head");
    let appended = journal.append(head, Arc::new([record])).await;
    appended.expect("appended");
    let heard = tokio::time::timeout(
        Duration::from_secs(5),
        heard.wait_for(|heard| heard.seq == 1),
    );
    let heard = heard.await.expect("in time").expect("it listens");
    assert!(heard.hears);
}

#[tokio::test]
async fn a_redis_that_takes_no_writes_refuses_and_is_read_on() {
    let (journal, redis) = open().await;
    conformance::what_was_appended_is_read_in_order_and_whole(&journal).await;
    let head = journal.head().await.expect("a head");
    let next: Arc<[Record]> = Arc::new([conformance::record(3, vec![(Topic::Org, 2)])]);
    for (full, empty) in [
        (
            vec!["CONFIG", "SET", "maxmemory", "1"],
            vec!["CONFIG", "SET", "maxmemory", "0"],
        ),
        (
            vec!["REPLICAOF", "127.0.0.1", "1"],
            vec!["REPLICAOF", "NO", "ONE"],
        ),
    ] {
        redis.ask(&full);
        let refused = journal.append(head.clone(), Arc::clone(&next)).await;
        assert!(
            matches!(refused, Err(AppendError::Unavailable(_))),
            "{refused:?}"
        );
        assert!(matches!(
            journal.probe().await,
            Err(AppendError::Unavailable(_))
        ));
        assert_eq!(journal.read(0, 10).await.expect("read").len(), 2);
        redis.ask(&empty);
        journal.probe().await.expect("writes are taken again");
    }
    journal.append(head, next).await.expect("appended");
}

#[tokio::test]
async fn a_redis_that_does_not_answer_leaves_the_outcome_open_and_the_same_again_settles_it() {
    let (journal, redis) = open().await;
    let head = journal.head().await.expect("a head");
    let records: Arc<[Record]> = Arc::new([conformance::record(1, vec![(Topic::Org, 0)])]);
    journal
        .append(head.clone(), Arc::clone(&records))
        .await
        .expect("appended");
    redis.pause();
    let next: Arc<[Record]> = Arc::new([conformance::record(2, vec![(Topic::Org, 1)])]);
    let head = Head {
        seq: 1,
        id: Some(records[0].id),
        ..head
    };
    let unknown = journal.append(head.clone(), Arc::clone(&next)).await;
    assert!(
        matches!(unknown, Err(AppendError::OutcomeUnknown(_))),
        "{unknown:?}"
    );
    redis.resume();
    match journal.append(head, Arc::clone(&next)).await {
        // What was on its way came first.
        Err(AppendError::Conflict(there)) => assert_eq!(there[..], next[..]),
        Ok(head) => assert_eq!(head.seq, 2),
        other => panic!("{other:?}"),
    }
    assert_eq!(journal.read(1, 10).await.expect("read")[..], next[..]);
}

#[tokio::test]
async fn of_two_who_ask_which_organization_was_first_both_get_the_same_answer() {
    let (_journal, redis) = open().await;
    let server = server(&redis);
    let candidate = |number| OrganizationId::from(uuid::Uuid::from_u128(number));
    let (first, second) = tokio::join!(server.home(candidate(1)), server.home(candidate(2)));
    assert_eq!(first.expect("one"), second.expect("one"));
}

#[tokio::test]
async fn what_lies_before_a_saved_model_is_dropped_unless_it_is_young_or_an_agent_misses_it() {
    let (mut journal, redis) = open().await;
    journal.keep = Keep {
        events: 10,
        millis: 60_000,
        agent_millis: 60_000,
    };
    let old = |seq: u64| Record {
        frame: format!(r#"{{"event":{{"seq":{seq},"at":"2020-01-01T00:00:00.000Z"}}}}"#).into(),
        ..conformance::record(seq, vec![(Topic::Org, seq - 1)])
    };
    let records: Arc<[Record]> = (1..=100).map(old).collect();
    let head = journal.head().await.expect("a head");
    let appended = journal.append(head, Arc::clone(&records)).await;
    let head = appended.expect("appended");
    let now = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .expect("a clock");
    let agents = journal.keys.agents.clone();
    for (seen_at, saved, oldest) in [(now.as_millis(), 80, 30), (0, 90, 80)] {
        let agent = format!(r#"{{"seq":30,"seen_at_millis":{seen_at}}}"#);
        redis.ask(&["HSET", &agents, "copy", &agent]);
        let snapshot = StoredSnapshot {
            seq: saved,
            bytes: "model".into(),
        };
        let at = records[saved as usize - 1].id;
        journal.save_snapshot(at, snapshot).await.expect("saved");
        assert_eq!(journal.oldest().await.expect("read"), oldest);
        let kept = &records[oldest as usize..];
        assert_eq!(journal.read(0, 1_000).await.expect("read"), kept);
        let on_topic = journal.read_topic(Topic::Org, 0, 1_000).await;
        assert_eq!(on_topic.expect("read"), kept);
    }
    // What is young stays, and whoever is far behind is told that there is nothing to go on from.
    journal.keep.millis = i64::MAX;
    let snapshot = StoredSnapshot {
        seq: 100,
        bytes: "model".into(),
    };
    let saved = journal.save_snapshot(records[99].id, snapshot).await;
    saved.expect("saved");
    assert_eq!(journal.oldest().await.expect("read"), 80);
    let behind = Head {
        seq: 50,
        id: Some(records[49].id),
        ..head.clone()
    };
    let next: Arc<[Record]> = Arc::new([conformance::record(101, vec![(Topic::Org, 100)])]);
    let refused = journal.append(behind, Arc::clone(&next)).await;
    assert!(matches!(refused, Err(AppendError::Conflict(ref none)) if none.is_empty()));
    journal.append(head, next).await.expect("appended");
}
