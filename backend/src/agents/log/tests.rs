use std::{collections::BTreeSet, sync::Arc, time::Duration};

use shared_types::{
    model::{LogEntry, Logged},
    value::RunId,
};

use super::*;

fn run(n: u128) -> RunId {
    RunId::from(uuid::Uuid::from_u128(n))
}

fn text(text: &str) -> LogEntry {
    LogEntry {
        at: None,
        what: Logged::Text { text: text.into() },
    }
}

fn book(directory: &tempfile::TempDir) -> LogBook {
    LogBook::new(Arc::new(
        SqliteLogs::open(directory.path()).expect("opened"),
    ))
}

#[actix_web::test]
async fn a_log_has_offsets_without_a_hole_and_outlives_the_process() {
    let directory = tempfile::tempdir().expect("a directory");
    let first = book(&directory);
    for (n, offset) in [(2, 1), (1, 3), (300, 4)] {
        let entries = (0..n).map(|n| text(&n.to_string())).collect();
        assert_eq!(
            first.append(run(1), 7, entries).await.expect("written"),
            offset
        );
    }
    for book in [first, book(&directory)] {
        let page = book.read(run(1), 1, 3).await.expect("read");
        assert_eq!(page.entries, [text("1"), text("0"), text("0")]);
        assert_eq!(page.last, 303);
        let end = book.read(run(1), 301, 100).await.expect("read");
        assert_eq!(end.entries, [text("298"), text("299")]);
    }
}

#[actix_web::test]
async fn a_claim_that_is_older_than_the_last_that_wrote_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let book = book(&directory);
    book.append(run(1), 7, vec![text("a")])
        .await
        .expect("written");
    book.append(run(1), 9, vec![text("b")])
        .await
        .expect("written");
    let late = book.append(run(1), 7, vec![text("late")]).await;
    assert!(matches!(late, Err(LogError::Stale(9))), "{late:?}");
    assert_eq!(
        book.read(run(1), 0, 9).await.expect("read").entries.len(),
        2
    );
}

#[actix_web::test]
async fn who_waits_is_told_of_the_next_entry() {
    let directory = tempfile::tempdir().expect("a directory");
    let book = Arc::new(book(&directory));
    let waiting = Arc::clone(&book);
    let wait = async move { waiting.wait(run(1), 0, 9, Duration::from_secs(20)).await };
    let (page, _) = tokio::join!(wait, async {
        book.append(run(1), 7, vec![text("a")]).await
    });
    assert_eq!(page.expect("read").entries, [text("a")]);
}

#[actix_web::test]
async fn what_a_worker_writes_again_by_the_same_key_is_there_once_also_after_a_restart() {
    let directory = tempfile::tempdir().expect("a directory");
    let once = async |book: &LogBook, what: &str, key: &str| {
        let entries = vec![text(what), text(what)];
        let written = book.append_once(run(1), 7, entries, Some(key.into())).await;
        written.expect("written")
    };
    let first = book(&directory);
    assert_eq!(once(&first, "a", "one").await, 1);
    assert_eq!(once(&first, "a", "one").await, 1);
    drop(first);
    let again = book(&directory);
    assert_eq!(once(&again, "a", "one").await, 1);
    assert_eq!(once(&again, "b", "two").await, 3);
    assert_eq!(again.read(run(1), 0, 9).await.expect("read").last, 4);
}

#[actix_web::test]
async fn the_oldest_logs_are_forgotten_save_those_of_live_runs() {
    let directory = tempfile::tempdir().expect("a directory");
    let logs = SqliteLogs::open(directory.path()).expect("opened");
    for n in 1..=5 {
        logs.append(run(n), 1, vec![text("a")])
            .await
            .expect("written");
    }
    logs.prune(2, BTreeSet::from([run(1)]))
        .await
        .expect("pruned");
    for (n, left) in [(1, 1), (2, 0), (3, 0), (4, 1), (5, 1)] {
        assert_eq!(
            logs.read(run(n), 0, 9).await.expect("read").last,
            left,
            "{n}"
        );
    }
}

#[test]
fn a_text_that_comes_in_small_pieces_is_written_in_few_entries() {
    let mut unwritten = Unwritten::default();
    let mut entries = Vec::new();
    for _ in 0..500 {
        if unwritten.add(Logged::Text { text: "x".into() }) {
            entries.extend(unwritten.take());
        }
    }
    entries.extend(unwritten.take());
    let all: usize = entries.iter().map(|entry| entry.what.size()).sum();
    assert_eq!(all, 500);
    assert!(entries.len() <= 21, "{} entries", entries.len());
}
