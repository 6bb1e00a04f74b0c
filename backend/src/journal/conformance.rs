//! What every journal promises. A test module of a journal says `conformance!(open)`, where `open` makes an empty one
//! together with what has to live as long as it.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;
use shared_types::{
    directory::{Holder, Proof, ProofChange},
    topic::Topic,
    value::{EventId, ProjectId},
};
use uuid::Uuid;

use super::{
    AppendError, Head, IdempotencyRecord, Journal, Private, Record, StoredSnapshot, fresh_epoch,
};

/// One test for each promise, run against the journals that `$open` makes.
macro_rules! conformance {
    ($open:path) => {
        $crate::journal::conformance::conformance! { $open:
            what_was_appended_is_read_in_order_and_whole,
            an_append_that_expects_another_head_writes_nothing_and_brings_what_is_missing,
            the_same_append_again_conflicts_with_its_own_records,
            a_topic_has_its_own_records_only_and_all_has_every_one,
            a_topic_can_be_read_backwards,
            a_read_is_cut_at_its_limit,
            a_beginning_is_set_once,
            a_proof_is_kept_as_it_was_last_written_and_apart_from_the_records,
            a_new_epoch_keeps_the_records_and_refuses_the_old_head,
            the_newest_snapshot_is_found,
            a_probe_leaves_no_trace,
        }
    };
    ($open:path: $($promise:ident,)*) => {
        $(
            #[tokio::test]
            async fn $promise() {
                let (journal, _alive) = $open().await;
                $crate::journal::conformance::$promise(&journal).await;
            }
        )*
    };
}
pub(crate) use conformance;

fn project() -> Topic {
    Topic::Project(ProjectId::from(Uuid::from_u128(7)))
}

pub(in crate::journal) fn record(seq: u64, prev: Vec<(Topic, u64)>) -> Record {
    Record {
        seq,
        id: EventId::from(Uuid::new_v4()),
        frame: Bytes::from(format!("{{\"type\":\"event\",\"n\":{seq}}}")),
        barriers: prev
            .iter()
            .map(|(topic, _)| *topic)
            .filter(|_| seq.is_multiple_of(2))
            .collect(),
        prev,
        private: None,
        proofs: Vec::new(),
    }
}

/// Records 1 to `count`: all on `org`, every third on a project.
async fn filled(journal: &dyn Journal, count: u64) -> Vec<Record> {
    let prev = |seq: u64| match seq % 3 {
        0 => vec![(Topic::Org, seq - 1), (project(), seq.saturating_sub(3))],
        _ => vec![(Topic::Org, seq - 1)],
    };
    let records: Vec<Record> = (1..=count).map(|seq| record(seq, prev(seq))).collect();
    let head = journal.head().await.expect("a head");
    journal
        .append(head, records.clone().into())
        .await
        .expect("appended");
    records
}

pub(in crate::journal) async fn what_was_appended_is_read_in_order_and_whole(
    journal: &dyn Journal,
) {
    let empty = journal.head().await.expect("a head");
    assert_eq!((empty.seq, empty.id), (0, None));
    let mut records = vec![
        record(1, vec![(Topic::Org, 0)]),
        record(2, vec![(Topic::Org, 1), (project(), 0)]),
    ];
    records[1].private = Some(Private {
        from: Some([192, 0, 2, 7].into()),
        idempotency: Some(IdempotencyRecord {
            principal: "owner".into(),
            key: "k".into(),
            request_hash: "h".into(),
            at_millis: 5,
            answer: serde_json::json!({ "version": 1 }),
        }),
    });
    let head = journal
        .append(empty.clone(), records.clone().into())
        .await
        .expect("appended");
    assert_eq!(
        head,
        Head {
            epoch: empty.epoch,
            seq: 2,
            id: Some(records[1].id)
        }
    );
    assert_eq!(journal.head().await.expect("a head"), head);
    assert_eq!(journal.read(0, 10).await.expect("read"), records);
    assert_eq!(journal.read(1, 10).await.expect("read"), records[1..]);
    assert_eq!(journal.read(2, 10).await.expect("read"), []);
    assert_eq!(journal.read(u64::MAX, 10).await.expect("read"), []);
}

pub(super) async fn an_append_that_expects_another_head_writes_nothing_and_brings_what_is_missing(
    journal: &dyn Journal,
) {
    let before = journal.head().await.expect("a head");
    let first = filled(journal, 3).await;
    let late: Arc<[Record]> = vec![record(1, vec![(Topic::Org, 0)])].into();
    let missing = match journal.append(before, late).await {
        Err(AppendError::Conflict(missing)) => missing,
        other => panic!("a conflict was to be expected, not {other:?}"),
    };
    assert_eq!(missing, first);
    assert_eq!(journal.read(0, 10).await.expect("read"), first);
}

pub(super) async fn the_same_append_again_conflicts_with_its_own_records(journal: &dyn Journal) {
    let before = journal.head().await.expect("a head");
    let records: Arc<[Record]> = vec![record(1, vec![(Topic::Org, 0)])].into();
    journal
        .append(before.clone(), Arc::clone(&records))
        .await
        .expect("appended");
    match journal.append(before, Arc::clone(&records)).await {
        Err(AppendError::Conflict(missing)) => assert_eq!(missing[..], records[..]),
        other => panic!("a conflict was to be expected, not {other:?}"),
    }
}

pub(super) async fn a_topic_has_its_own_records_only_and_all_has_every_one(journal: &dyn Journal) {
    let records = filled(journal, 9).await;
    let seqs = |records: Vec<Record>| records.iter().map(|record| record.seq).collect::<Vec<_>>();
    assert_eq!(
        seqs(journal.read_topic(project(), 0, 10).await.expect("read")),
        [3, 6, 9]
    );
    assert_eq!(
        seqs(journal.read_topic(project(), 3, 10).await.expect("read")),
        [6, 9]
    );
    assert_eq!(
        journal.read_topic(Topic::Org, 0, 10).await.expect("read"),
        records
    );
    assert_eq!(
        journal.read_topic(Topic::All, 0, 10).await.expect("read"),
        records
    );
    let nobody = Topic::Project(ProjectId::from(Uuid::from_u128(8)));
    assert_eq!(journal.read_topic(nobody, 0, 10).await.expect("read"), []);
}

pub(super) async fn a_topic_can_be_read_backwards(journal: &dyn Journal) {
    filled(journal, 9).await;
    let seqs = |records: Vec<Record>| records.iter().map(|record| record.seq).collect::<Vec<_>>();
    assert_eq!(
        seqs(
            journal
                .read_topic_back(project(), 9, 10)
                .await
                .expect("read")
        ),
        [6, 3]
    );
    assert_eq!(
        seqs(
            journal
                .read_topic_back(project(), u64::MAX, 2)
                .await
                .expect("read")
        ),
        [9, 6]
    );
    assert_eq!(
        seqs(
            journal
                .read_topic_back(Topic::All, 4, 2)
                .await
                .expect("read")
        ),
        [3, 2]
    );
    assert_eq!(
        journal
            .read_topic_back(Topic::Org, 1, 10)
            .await
            .expect("read"),
        []
    );
}

pub(super) async fn a_read_is_cut_at_its_limit(journal: &dyn Journal) {
    let records = filled(journal, 9).await;
    assert_eq!(journal.read(2, 3).await.expect("read"), records[2..5]);
    assert_eq!(
        journal
            .read_topic(project(), 0, 2)
            .await
            .expect("read")
            .len(),
        2
    );
}

pub(super) async fn a_proof_is_kept_as_it_was_last_written_and_apart_from_the_records(
    journal: &dyn Journal,
) {
    let change = |proof: Option<&str>| ProofChange {
        holder: Holder::SetUp,
        proof: proof.map(|proof| Proof::from(proof.to_owned())),
    };
    let mut head = journal.head().await.expect("a head");
    for (seq, proof) in [(1, Some("first")), (2, Some("second")), (3, None)] {
        let mut record = record(seq, Vec::new());
        record.proofs = vec![change(proof)];
        head = journal
            .append(head, Arc::new([record]))
            .await
            .expect("appended");
        let expected: Vec<ProofChange> = proof.map(|_| change(proof)).into_iter().collect();
        assert_eq!(journal.proofs().await.expect("read"), expected);
    }
    let records = journal.read(0, 10).await.expect("read");
    assert!(records.iter().all(|record| record.proofs.is_empty()));
}

pub(super) async fn a_beginning_is_set_once(journal: &dyn Journal) {
    let organization = |name: &str| json!({ "name": name });
    assert_eq!(journal.founded().await.expect("read"), None);
    let first = journal.found(organization("First")).await.expect("founded");
    assert_eq!(
        journal
            .found(organization("Second"))
            .await
            .expect("founded before"),
        first
    );
    assert_eq!(journal.founded().await.expect("read"), Some(first));
}

pub(super) async fn a_new_epoch_keeps_the_records_and_refuses_the_old_head(journal: &dyn Journal) {
    let records = filled(journal, 2).await;
    let before = journal.head().await.expect("a head");
    let epoch = fresh_epoch();
    let stale = journal.set_epoch(fresh_epoch(), fresh_epoch());
    stale.await.expect("left as it is");
    assert_eq!(journal.head().await.expect("a head"), before);
    let set = journal.set_epoch(before.epoch.clone(), epoch.clone());
    set.await.expect("set");
    let after = journal.head().await.expect("a head");
    assert_eq!(
        after,
        Head {
            epoch,
            ..before.clone()
        }
    );
    let next: Arc<[Record]> = vec![record(3, vec![(Topic::Org, 2)])].into();
    let refused = journal.append(before, Arc::clone(&next)).await;
    assert!(
        matches!(refused, Err(AppendError::Conflict(ref missing)) if missing.is_empty()),
        "{refused:?}"
    );
    assert_eq!(journal.read(0, 10).await.expect("read"), records);
    journal.append(after, next).await.expect("appended");
}

pub(super) async fn the_newest_snapshot_is_found(journal: &dyn Journal) {
    assert!(journal.snapshot().await.expect("read").is_none());
    let records = filled(journal, 100).await;
    for seq in [5, 100, 20] {
        let bytes = Bytes::from(format!("model at {seq}"));
        let at = records[seq as usize - 1].id;
        journal
            .save_snapshot(at, StoredSnapshot { seq, bytes })
            .await
            .expect("saved");
    }
    let newest = journal.snapshot().await.expect("read").expect("one");
    assert_eq!((newest.seq, &newest.bytes[..]), (100, &b"model at 100"[..]));
}

pub(super) async fn a_probe_leaves_no_trace(journal: &dyn Journal) {
    let records = filled(journal, 2).await;
    let before = journal.head().await.expect("a head");
    journal.probe().await.expect("there is room");
    assert_eq!(journal.head().await.expect("a head"), before);
    assert_eq!(journal.read(0, 10).await.expect("read"), records);
}
