use std::fs;

use tempfile::TempDir;

use super::{OpenError, SqliteJournal};
use crate::journal::{Journal, conformance::conformance};

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
