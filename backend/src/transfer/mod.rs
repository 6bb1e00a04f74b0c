//! Moving everything from one place to another, a data directory or Redis: `devteam export` writes it as lines of JSON,
//! `devteam import` reads them into a place where there is nothing yet. `docs/operations` has the format.

mod export;
mod format;
mod import;
mod place;
mod reader;
mod replayed;
mod target;

pub use export::export;
pub use import::import;

use std::{io, path::PathBuf};

use crate::{
    agents::log::LogError,
    app::StartupError,
    journal::{AppendError, ConnectError, OpenError, ReadError, RedisAddress},
};

/// Why it can't be done. Each message is one line that says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    #[error("there is no journal in {}: name the data directory of a server with --data-dir", .0.display())]
    NoJournal(PathBuf),
    #[error("no server keeps anything in {0}: name another with --journal")]
    NothingInRedis(RedisAddress),
    #[error("{0} is in use already: import into a Redis in which no server keeps anything yet")]
    RedisInUse(RedisAddress),
    #[error(transparent)]
    Redis(#[from] ConnectError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("the journal can't be written: {0}")]
    Append(#[from] AppendError),
    #[error("what runs wrote can't be carried over: {0}")]
    Logs(#[from] LogError),
    #[error(transparent)]
    Startup(#[from] StartupError),
    #[error("the journal is damaged: {0}. Restore it from a backup")]
    Damaged(String),
    #[error(
        "accounts change faster than they can be read: try again in a quieter moment, or without --accounts"
    )]
    Restless,
    #[error("{} can't be written: {source}", .path.display())]
    Output { path: PathBuf, source: io::Error },
    #[error("{} can't be read: {source}", .path.display())]
    Input { path: PathBuf, source: io::Error },
    #[error("{} is there already: move it away, or name another with --output", .0.display())]
    Exists(PathBuf),
    #[error("{} is not empty: import into a data directory that is not there yet", .0.display())]
    NotEmpty(PathBuf),
    #[error("line {line}: {why}. Nothing was imported")]
    Line { line: u64, why: String },
    #[error(
        "the file is of export version {found}, and this program reads version {expected}: use the version of devteam that wrote it. Nothing was imported"
    )]
    Version { found: u32, expected: u32 },
    #[error(
        "{what} came out with the state hash {found} instead of {expected}: the file was changed, or is of another version of devteam. Nothing was imported"
    )]
    OtherState {
        what: String,
        found: String,
        expected: String,
    },
}
