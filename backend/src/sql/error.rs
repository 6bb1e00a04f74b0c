use sea_orm::DbErr;

use super::{away::is_away, source::SourceError};
use crate::{engine::StartError, journal::ConnectError};

/// Why the agent can't go on. Each message is one line that says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum SqlError {
    #[error(
        "the database {url} can't be reached: {source}. See that it is there and takes you, or choose another with --database-url"
    )]
    Unreachable { url: String, source: DbErr },
    #[error(
        "the tables in {url} are of a newer version of devteam: they have the migration {migration}, which this one does not \
         know. Use that version, or choose another database with --database-url"
    )]
    Newer { url: String, migration: String },
    #[error(
        "the tables in {url} can't be made: {source}. The user needs the right to create tables"
    )]
    Tables { url: String, source: DbErr },
    #[error("there is no copy in {url} yet ({source}): let an agent make it first")]
    Empty { url: String, source: DbErr },
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    #[error("the lock file {path} can't be used: {source}")]
    Lock {
        path: String,
        source: std::io::Error,
    },
    /// The position is not where this agent left it.
    #[error("another agent has written to the database")]
    Overtaken,
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Redis(#[from] ConnectError),
    #[error(transparent)]
    Journal(#[from] StartError),
    #[error("the token file {path} can't be read: {source}")]
    Token {
        path: String,
        source: std::io::Error,
    },
    #[error("{0}")]
    Usage(String),
    #[error("stopped before everything was compared")]
    Stopped,
    #[error("{count} differences between the database and the model")]
    Differs { count: usize },
    #[error(
        "the database has come to {database}, the model is at {model}, and no agent brings the one to the other: start one, then \
         verify again"
    )]
    Behind { database: String, model: String },
}

impl SqlError {
    /// Whether trying again may help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { source, .. } | Self::Tables { source, .. } => is_away(source),
            Self::Database(_) | Self::Overtaken => true,
            Self::Source(error) => error.is_passing(),
            _ => false,
        }
    }
}
