use std::time::Duration;

use futures_util::future::join_all;
use shared_types::{ErrorCode, wire::Cursor};

use super::*;
use crate::{engine::Position, journal::Journal};

#[tokio::test]
async fn a_command_is_durable_visible_and_published_when_it_is_answered() {
    let bench = Bench::new().await;
    let before = bench.engine.model().cursor.seq;
    let answer = bench.engine.execute(create("website")).await.expect("made");
    assert_eq!(answer.cursor.seq, before + 1);
    assert_eq!((answer.version, answer.replayed), (1, false));
    assert_eq!(answer.entity["slug"], "website");
    assert_eq!(bench.engine.model().cursor, answer.cursor);
    assert_eq!(bench.published(), [before + 1]);
    let head = bench.journal.head().await.expect("a head");
    assert_eq!(head.cursor(), answer.cursor);
}

#[tokio::test]
async fn commands_that_wait_together_are_appended_together_and_each_has_its_own_position() {
    let bench = Bench::new().await;
    let before = (bench.engine.model().cursor.seq, bench.journal.appends());
    let turn = bench.journal.gate.acquire().await.expect("a gate");
    let first = tokio::spawn({
        let engine = bench.engine.clone();
        async move { engine.execute(create("first")).await }
    });
    until(|| bench.journal.appends() > before.1).await;
    let many = join_all((0..50).map(|n| {
        let engine = bench.engine.clone();
        tokio::spawn(async move { engine.execute(create(&format!("p{n}"))).await })
    }));
    tokio::task::yield_now().await;
    drop(turn);
    first.await.expect("no panic").expect("made");
    let mut seqs: Vec<u64> = many
        .await
        .into_iter()
        .map(|made| made.expect("no panic").expect("made").cursor.seq)
        .collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (before.0 + 2..before.0 + 52).collect::<Vec<_>>());
    assert_eq!(bench.journal.appends() - before.1, 2);
    assert_eq!(
        bench.published(),
        (before.0 + 1..before.0 + 52).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_refusal_waits_until_what_it_is_about_is_durable() {
    let bench = Bench::new().await;
    let before = bench.journal.appends();
    let turn = bench.journal.gate.acquire().await.expect("a gate");
    let blocker = spawn(&bench, create("blocker"));
    until(|| bench.journal.appends() > before).await;
    // Both are decided in one batch; the append of the two fails.
    let pair = join_all([
        spawn(&bench, create("website")),
        spawn(&bench, create("website")),
    ]);
    tokio::task::yield_now().await;
    drop(turn);
    blocker.await.expect("no panic").expect("made");
    let mut refused = pair
        .await
        .into_iter()
        .map(|result| result.expect("no panic"))
        .filter(Result::is_err);
    assert_eq!(refused.next().map(refusal), Some(ErrorCode::SlugTaken));
    assert!(refused.next().is_none());
    assert_eq!(bench.projects(), 2);
}

#[tokio::test]
async fn a_read_waits_for_the_position_it_names_and_not_for_another_line() {
    let bench = Bench::new().await;
    let cursor = bench.engine.model().cursor.clone();
    let next = Cursor {
        seq: cursor.seq + 1,
        ..cursor.clone()
    };
    let short = Duration::from_millis(20);
    assert_eq!(
        bench.engine.reached(&cursor, short).await,
        Position::Reached
    );
    assert_eq!(bench.engine.reached(&next, short).await, Position::NotYet);
    let other = Cursor {
        epoch: "other".parse().expect("an epoch"),
        seq: 1,
    };
    assert_eq!(
        bench.engine.reached(&other, short).await,
        Position::OtherEpoch
    );
    let (position, made) = tokio::join!(
        bench.engine.reached(&next, Duration::from_secs(5)),
        bench.engine.execute(create("website"))
    );
    assert_eq!(position, Position::Reached);
    made.expect("made");
}

#[tokio::test]
async fn after_a_stop_commands_are_refused() {
    let bench = Bench::new().await;
    bench.engine.stop().await;
    assert_eq!(
        refusal(bench.engine.execute(create("website")).await),
        ErrorCode::Unavailable
    );
}

fn spawn(bench: &Bench, request: Request) -> tokio::task::JoinHandle<Result<Answer, Failure>> {
    let engine = bench.engine.clone();
    tokio::spawn(async move { engine.execute(request).await })
}
