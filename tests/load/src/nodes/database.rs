//! A database that an agent keeps a copy in, and how far it has come there.

use anyhow::Result;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use crate::servers::{Place, postgres::Postgres};

/// How far the copy of the one organization is.
const POSITION: &str = "select seq from positions";

/// An empty database. Deleted when dropped.
#[derive(Debug)]
pub enum Database {
    /// A file in a directory of its own.
    Sqlite(TempDir),
    /// A cluster of its own.
    Postgres(Box<Postgres>),
}

impl Database {
    /// A file.
    ///
    /// # Errors
    /// The directory can't be made.
    pub fn sqlite(place: &Place) -> Result<Self> {
        Ok(Self::Sqlite(place.directory("sqlite")?))
    }

    /// PostgreSQL as it comes.
    ///
    /// # Errors
    /// It isn't there, or doesn't start.
    pub async fn postgres(place: &Place) -> Result<Self> {
        Ok(Self::Postgres(Box::new(Postgres::start(place).await?)))
    }

    /// As people call it.
    pub fn name(&self) -> &str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(cluster) => &cluster.name,
        }
    }

    /// As `--database-url` takes it.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(directory) => format!("sqlite://{}", file(directory).display()),
            Self::Postgres(cluster) => cluster.url(),
        }
    }

    /// Up to which event there is a copy.
    ///
    /// # Errors
    /// There are no tables yet, or they can't be read.
    pub async fn position(&self) -> Result<u64> {
        match self {
            Self::Sqlite(directory) => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
                let connection = Connection::open_with_flags(file(directory), flags)?;
                Ok(connection.query_row(POSITION, [], |row| row.get(0))?)
            }
            Self::Postgres(cluster) => Ok(cluster.query(POSITION).await?.trim().parse()?),
        }
    }
}

fn file(directory: &TempDir) -> std::path::PathBuf {
    directory.path().join("copy.db")
}
