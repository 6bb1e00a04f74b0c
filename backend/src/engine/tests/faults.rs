use shared_types::ErrorCode;

use super::{journal::Fault, *};
use crate::journal::Journal;

#[tokio::test]
async fn what_could_not_be_written_is_nowhere_and_writes_recover_by_themselves() {
    let bench = Bench::new().await;
    bench.journal.fail([Fault::Refused]);
    assert_eq!(
        refusal(bench.engine.execute(create("website")).await),
        ErrorCode::Unavailable
    );
    assert!(!bench.engine.health().writes);
    assert_eq!((bench.projects(), bench.published()), (0, vec![]));
    // Nobody writes, so it is the probe that finds out.
    until(|| bench.engine.health().writes).await;
    bench.engine.execute(create("website")).await.expect("made");
    assert_eq!(bench.projects(), 1);
}

#[tokio::test]
async fn writes_recover_however_much_is_heard_of_others() {
    let bench = Bench::new().await;
    bench.journal.share();
    bench.journal.heard.send_modify(|heard| heard.hears = true);
    let engine = engine(&bench.journal, &Arc::default()).await;
    let chatter = bench.journal.heard.clone();
    let chatter = tokio::spawn(async move {
        loop {
            chatter.send_modify(|heard| heard.seq += 1);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    bench.journal.fail([Fault::Refused]);
    let refused = engine.execute(create("website")).await;
    assert_eq!(refusal(refused), ErrorCode::Unavailable);
    until(|| engine.health().writes).await;
    chatter.abort();
}

#[tokio::test]
async fn a_batch_whose_answer_was_lost_is_written_once() {
    let bench = Bench::new().await;
    let before = bench.engine.model().cursor.seq;
    bench.journal.fail([Fault::AnswerLost]);
    let answer = bench.engine.execute(create("website")).await.expect("made");
    assert_eq!(answer.cursor.seq, before + 1);
    assert_eq!(bench.published(), [before + 1]);
    assert_eq!(bench.journal.head().await.expect("a head").seq, before + 1);
    bench.engine.execute(create("next")).await.expect("made");
    assert!(bench.engine.health().writes);
}

#[tokio::test]
async fn a_batch_that_was_lost_is_sent_again_with_the_same_ids() {
    let bench = Bench::new().await;
    bench
        .journal
        .fail([Fault::Lost, Fault::Refused, Fault::AnswerLost]);
    let answer = bench.engine.execute(create("website")).await.expect("made");
    let records = bench
        .journal
        .read(answer.cursor.seq - 1, 10)
        .await
        .expect("read");
    assert_eq!(records.len(), 1);
    assert!(
        String::from_utf8_lossy(&records[0].frame)
            .contains(&answer.entity["id"].as_str().expect("an id").to_owned())
    );
}

#[tokio::test]
async fn who_was_second_follows_and_decides_again() {
    let bench = Bench::new().await;
    let line = Arc::<Line>::default();
    let other = engine(&bench.journal, &line).await;
    bench.engine.execute(create("website")).await.expect("made");
    // The other one does not know of it yet.
    assert_eq!(
        refusal(other.execute(create("website")).await),
        ErrorCode::SlugTaken
    );
    let answer = other.execute(create("api")).await.expect("made");
    assert_eq!(other.model().aggregate.project_count(), 2);
    bench.engine.execute(create("docs")).await.expect("made");
    assert_eq!(bench.projects(), 3);
    let seq = answer.cursor.seq;
    assert_eq!(*line.0.lock().expect("a line"), [seq - 1, seq]);
    assert_eq!(bench.published(), [seq - 1, seq, seq + 1]);
}

#[tokio::test]
async fn a_line_that_began_another_life_is_loaded_again() {
    let bench = Bench::new().await;
    bench.engine.execute(create("website")).await.expect("made");
    let epoch = crate::journal::fresh_epoch();
    let before = bench.journal.head().await.expect("a head").epoch;
    let set = bench.journal.set_epoch(before, epoch.clone());
    set.await.expect("set");
    let answer = bench.engine.execute(create("api")).await.expect("made");
    assert_eq!(answer.cursor.epoch, epoch);
    assert_eq!(bench.projects(), 2);
}
