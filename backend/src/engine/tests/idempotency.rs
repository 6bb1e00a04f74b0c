use shared_types::ErrorCode;

use super::{journal::Fault, *};
use crate::journal::Journal;

#[tokio::test]
async fn the_same_request_again_is_answered_as_it_was_first() {
    let bench = Bench::new().await;
    let first = bench
        .engine
        .execute(keyed("website", "k", "h"))
        .await
        .expect("made");
    bench.engine.execute(create("another")).await.expect("made");
    let again = bench
        .engine
        .execute(keyed("website", "k", "h"))
        .await
        .expect("replayed");
    assert_eq!(
        again,
        Answer {
            replayed: true,
            ..first
        }
    );
    assert_eq!(bench.projects(), 2);
}

#[tokio::test]
async fn a_key_of_another_request_is_refused() {
    let bench = Bench::new().await;
    bench
        .engine
        .execute(keyed("website", "k", "h"))
        .await
        .expect("made");
    let code = refusal(
        bench
            .engine
            .execute(keyed("other", "k", "other hash"))
            .await,
    );
    assert_eq!(code, ErrorCode::IdempotencyKeyReused);
}

#[tokio::test]
async fn a_duplicate_in_flight_gets_the_answer_of_the_first() {
    let bench = Bench::new().await;
    let (first, second) = tokio::join!(
        bench.engine.execute(keyed("website", "k", "h")),
        bench.engine.execute(keyed("website", "k", "h")),
    );
    let (first, second) = (first.expect("made"), second.expect("replayed"));
    assert_eq!(
        second,
        Answer {
            replayed: true,
            ..first
        }
    );
    assert_eq!(bench.projects(), 1);
}

#[tokio::test]
async fn what_was_refused_is_not_kept() {
    let bench = Bench::new().await;
    bench.engine.execute(create("website")).await.expect("made");
    assert_eq!(
        refusal(bench.engine.execute(keyed("website", "k", "h")).await),
        ErrorCode::SlugTaken
    );
    bench
        .engine
        .execute(keyed("other", "k", "h2"))
        .await
        .expect("the key is free");
    bench.journal.fail([Fault::Refused]);
    assert_eq!(
        refusal(bench.engine.execute(keyed("third", "k3", "h")).await),
        ErrorCode::Unavailable
    );
    assert!(
        !bench
            .engine
            .execute(keyed("third", "k3", "h"))
            .await
            .expect("made")
            .replayed
    );
}

#[tokio::test]
async fn keys_hold_across_a_crash_and_across_a_restart_from_a_saved_model() {
    let bench = Bench::new().await;
    let first = bench
        .engine
        .execute(keyed("website", "k", "h"))
        .await
        .expect("made");
    let bench = bench.crash().await;
    let again = bench
        .engine
        .execute(keyed("website", "k", "h"))
        .await
        .expect("replayed");
    assert_eq!(
        again,
        Answer {
            replayed: true,
            ..first.clone()
        }
    );
    let bench = bench.restart().await;
    let again = bench
        .engine
        .execute(keyed("website", "k", "h"))
        .await
        .expect("replayed");
    assert_eq!(
        again,
        Answer {
            replayed: true,
            ..first
        }
    );
}

#[tokio::test]
async fn who_only_follows_what_others_write_forgets_old_keys_too() {
    let bench = Bench::new().await;
    bench.journal.share();
    bench.journal.age();
    let follower = engine(&bench.journal, &Arc::default()).await;
    bench
        .engine
        .execute(keyed("website", "k", "h"))
        .await
        .expect("made");
    let at = bench.engine.model().cursor.seq;
    bench
        .journal
        .heard
        .send_modify(|heard| heard.seq = heard.seq.max(at));
    until(|| follower.model().cursor.seq == at).await;
    follower.stop().await;
    let saved = bench.journal.snapshot().await.expect("a journal");
    let saved: serde_json::Value =
        serde_json::from_slice(&saved.expect("a saved model").bytes).expect("JSON");
    assert_eq!(saved["kept"], serde_json::json!({}));
}
