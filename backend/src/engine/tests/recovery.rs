use bytes::Bytes;

use super::*;
use crate::journal::{Journal, StoredSnapshot};

#[tokio::test]
async fn after_a_crash_the_model_is_what_was_acknowledged() {
    let bench = Bench::new().await;
    for n in 0..20 {
        bench
            .engine
            .execute(create(&format!("p{n}")))
            .await
            .expect("made");
    }
    let before = bench.engine.model();
    let bench = bench.crash().await;
    let after = bench.engine.model();
    assert_eq!(after.cursor, before.cursor);
    assert_eq!(after.aggregate.state_hash(), before.aggregate.state_hash());
}

#[tokio::test]
async fn a_saved_model_and_what_came_after_it_make_the_same_model() {
    let bench = Bench::new().await;
    bench.engine.execute(create("one")).await.expect("made");
    let bench = bench.restart().await;
    assert_eq!(
        bench
            .journal
            .snapshot()
            .await
            .expect("read")
            .expect("saved")
            .seq,
        bench.engine.model().cursor.seq
    );
    bench.engine.execute(create("two")).await.expect("made");
    let before = bench.engine.model();
    let bench = bench.crash().await;
    let after = bench.engine.model();
    assert_eq!(after.cursor, before.cursor);
    assert_eq!(after.aggregate.state_hash(), before.aggregate.state_hash());
}

#[tokio::test]
async fn a_saved_model_that_is_of_no_use_is_left_aside() {
    let bench = Bench::new().await;
    bench.engine.execute(create("one")).await.expect("made");
    let seq = bench.engine.model().cursor.seq;
    let nonsense = StoredSnapshot {
        seq: seq + 5,
        bytes: Bytes::from_static(b"{"),
    };
    let at = bench.journal.head().await.expect("a head").id;
    let saved = bench.journal.save_snapshot(at.expect("an event"), nonsense);
    saved.await.expect("saved");
    let bench = bench.crash().await;
    assert_eq!(
        (bench.projects(), bench.engine.model().cursor.seq),
        (1, seq)
    );
}

#[tokio::test]
async fn a_journal_that_has_lost_its_tail_begins_a_new_epoch_once() {
    let bench = Bench::new().await;
    bench.engine.execute(create("one")).await.expect("made");
    let older = bench.engine.model().cursor.clone();
    bench.engine.execute(create("two")).await.expect("made");
    // Its model is saved at the end of the line.
    let Bench {
        engine,
        journal,
        directory,
        ..
    } = bench;
    engine.stop().await;
    drop(engine);
    let_go(journal).await;
    let database = rusqlite::Connection::open(directory.path().join("journal.sqlite"));
    let database = database.expect("a database");
    for table in ["records", "record_topics"] {
        let lost = format!("DELETE FROM {table} WHERE seq > ?");
        database.execute(&lost, [older.seq]).expect("lost");
    }
    drop(database);

    let bench = Bench::over(directory).await;
    let begun = bench.engine.model().cursor.clone();
    assert_eq!((bench.projects(), begun.seq), (1, older.seq));
    assert_ne!(begun.epoch, older.epoch, "who has seen more is told so");
    bench.engine.execute(create("three")).await.expect("made");
    let bench = bench.restart().await;
    let after = bench.engine.model().cursor.clone();
    assert_eq!(
        (after.epoch, after.seq > older.seq, bench.projects()),
        (begun.epoch, true, 2)
    );
}

#[test]
fn the_clock_set_back_does_not_turn_the_line_back() {
    let mut clock = crate::engine::clock::Clock::after(Timestamp::from_millis(200_000_000_000_000));
    let last = clock.last();
    assert_eq!(clock.now(), last);
}
