use std::{fs, sync::Arc};

use bytes::Bytes;
use shared_types::topic::Topic;
use tempfile::TempDir;

use super::{OpenError, SqliteJournal};
use crate::journal::{
    Journal, Record, StoredSnapshot,
    conformance::{conformance, record},
};

fn fresh() -> (SqliteJournal, TempDir) {
    let directory = TempDir::new().expect("a directory");
    (
        SqliteJournal::open(directory.path()).expect("a journal"),
        directory,
    )
}

async fn open() -> (SqliteJournal, TempDir) {
    fresh()
}

conformance!(open);

fn refusal(directory: &TempDir) -> OpenError {
    match SqliteJournal::open(directory.path()) {
        Ok(_) => panic!("the directory was to be refused"),
        Err(error) => error,
    }
}

#[test]
fn a_directory_in_use_is_refused_naming_the_process() {
    let (_journal, directory) = fresh();
    let error = refusal(&directory);
    assert!(matches!(error, OpenError::InUse { .. }));
    assert!(
        error.to_string().contains(&std::process::id().to_string()),
        "{error}"
    );
}

#[tokio::test]
async fn a_directory_that_has_lost_its_journal_is_refused_and_left_alone() {
    let (journal, directory) = fresh();
    let model = StoredSnapshot {
        seq: 1,
        bytes: Bytes::from_static(b"{}"),
    };
    let saved = journal.save_snapshot(record(1, Vec::new()).id, model).await;
    saved.expect("saved");
    drop(journal);
    let path = directory.path().join("journal.sqlite");
    let elsewhere = directory.path().join("elsewhere");
    fs::rename(&path, &elsewhere).expect("lost");
    for empties in [false, true] {
        if empties {
            fs::write(&path, "").expect("emptied");
        }
        let error = refusal(&directory);
        assert!(matches!(error, OpenError::JournalMissing { .. }), "{error}");
        assert!(!SqliteJournal::is_in(directory.path()).expect("looked"));
    }
    fs::rename(&elsewhere, &path).expect("found again");
    SqliteJournal::open(directory.path()).expect("as it was");
}

#[test]
fn a_directory_of_another_version_is_refused() {
    let (journal, directory) = fresh();
    drop(journal);
    let database =
        rusqlite::Connection::open(directory.path().join("journal.sqlite")).expect("a database");
    database
        .execute(
            "UPDATE meta SET value = '99' WHERE key = 'format_version'",
            [],
        )
        .expect("changed");
    drop(database);
    let error = refusal(&directory).to_string();
    assert!(
        error.contains("version 99") && error.contains("version 1"),
        "{error}"
    );
}

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("journal.sqlite");
    rusqlite::Connection::open(&path)
        .expect("a database")
        .execute_batch("CREATE TABLE theirs (a)")
        .expect("made");
    assert!(matches!(
        refusal(&directory),
        OpenError::OtherVersion { .. }
    ));
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let directory = TempDir::new().expect("a directory");
    fs::write(
        directory.path().join("journal.sqlite"),
        "not a database, but long enough to look at".repeat(40),
    )
    .expect("written");
    assert!(matches!(refusal(&directory), OpenError::Database { .. }));
}

#[test]
fn a_directory_that_can_not_be_made_is_refused() {
    let directory = TempDir::new().expect("a directory");
    let file = directory.path().join("file");
    fs::write(&file, "in the way").expect("written");
    let error = SqliteJournal::open(&file.join("data"))
        .err()
        .expect("refused");
    assert!(matches!(error, OpenError::Unusable { .. }), "{error}");
}

#[tokio::test]
async fn a_journal_opened_again_is_as_it_was() {
    let (journal, directory) = fresh();
    crate::journal::conformance::what_was_appended_is_read_in_order_and_whole(&journal).await;
    let (head, records) = (
        journal.head().await.expect("a head"),
        journal.read(0, 10).await.expect("read"),
    );
    drop(journal);
    let journal = SqliteJournal::open(directory.path()).expect("a journal");
    assert_eq!(journal.head().await.expect("a head"), head);
    assert_eq!(journal.read(0, 10).await.expect("read"), records);
}

/// Appends so many records, and saves a model behind the last.
async fn written_and_saved(journal: &SqliteJournal, count: u64) {
    let head = journal.head().await.expect("a head");
    let next = head.seq + 1..=head.seq + count;
    let records: Arc<[Record]> = next
        .map(|seq| record(seq, vec![(Topic::Org, seq - 1)]))
        .collect();
    let appended = journal.append(head, records).await.expect("appended");
    let snapshot = StoredSnapshot {
        seq: appended.seq,
        bytes: "model".into(),
    };
    let saved = journal.save_snapshot(appended.id.expect("an event"), snapshot);
    saved.await.expect("saved");
}

#[tokio::test]
async fn where_the_newest_are_enough_what_lies_before_a_saved_model_is_dropped() {
    let (journal, directory) = fresh();
    written_and_saved(&journal, 600).await;
    assert_eq!(journal.oldest().await.expect("read"), 0, "it keeps all");
    journal.keep_newest(10);
    written_and_saved(&journal, 700).await;
    assert_eq!(journal.oldest().await.expect("read"), 1_290);
    drop(journal);
    let journal = SqliteJournal::open(directory.path()).expect("a journal");
    let (all, on_topic) = (
        journal.read(0, 100).await.expect("read"),
        journal.read_topic(Topic::Org, 0, 100).await.expect("read"),
    );
    let seqs: Vec<u64> = all.iter().map(|record| record.seq).collect();
    assert_eq!(seqs, (1_291..=1_300).collect::<Vec<_>>());
    assert_eq!(on_topic, all);
    assert_eq!(journal.head().await.expect("a head").seq, 1_300);
}

#[tokio::test]
async fn a_line_of_which_the_newest_are_enough_takes_no_more_room_however_long_it_becomes() {
    let (journal, directory) = fresh();
    journal.keep_newest(100);
    // With what is in the write-ahead log, which has a size of its own that it stays at.
    let pages = || -> u64 {
        let database = rusqlite::Connection::open(directory.path().join("journal.sqlite"));
        let count = database
            .and_then(|database| database.query_row("PRAGMA page_count", [], |row| row.get(0)));
        count.expect("a number")
    };
    for _ in 0..4 {
        written_and_saved(&journal, 500).await;
    }
    let before = pages();
    for _ in 0..20 {
        written_and_saved(&journal, 500).await;
    }
    let after = pages();
    assert!(
        after <= before + before / 4,
        "{before} pages, and then {after}"
    );
}
