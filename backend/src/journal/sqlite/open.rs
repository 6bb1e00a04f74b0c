use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock, RwLock},
};

use rusqlite::{Connection, OpenFlags};

use super::{DirectoryLock, Readers, Snapshots, SqliteJournal, Writer, schema, snapshots};

const DATABASE: &str = "journal.sqlite";

/// Pages of 4 KiB in the write-ahead log at which its content moves to the database. That takes two more syncs of the
/// disk and holds up the append that it falls on; SQLite's default of 1,000 would do so every few appends of a busy
/// server.
const CHECKPOINT_PAGES: u32 = 4_000;

/// Why a data directory can't be used. Each message says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the data directory {} can't be used: {source}. Choose one that can be written with --data-dir", .directory.display())]
    Unusable {
        directory: PathBuf,
        source: io::Error,
    },
    #[error(
        "the data directory {} is in use by process {holder}. Stop that process, or choose another directory with --data-dir",
        .directory.display()
    )]
    InUse { directory: PathBuf, holder: String },
    #[error(
        "the data directory {} is of format version {found}, and this program reads version {expected}. \
         Use the version of devteam that wrote it, or choose another directory with --data-dir",
        .directory.display()
    )]
    OtherVersion {
        directory: PathBuf,
        found: String,
        expected: u32,
    },
    #[error(
        "the data directory {} has lost its journal: what was made of it is there, but journal.sqlite is missing or empty. \
         Put it back, or restore the directory from a backup; nothing was changed",
        .directory.display()
    )]
    JournalMissing { directory: PathBuf },
    #[error(
        "the journal in the data directory {} can't be opened: {source}. \
         Make room if its disk is full; else restore it from a backup, or choose another directory with --data-dir",
        .directory.display()
    )]
    Database {
        directory: PathBuf,
        source: rusqlite::Error,
    },
}

impl SqliteJournal {
    /// Opens the journal in a directory, or makes both.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        let unusable = |source| OpenError::Unusable {
            directory: directory.into(),
            source,
        };
        let broken = |source| OpenError::Database {
            directory: directory.into(),
            source,
        };
        if directory.is_file() {
            return Err(unusable(io::Error::other("it is a file")));
        }
        fs::create_dir_all(directory).map_err(unusable)?;
        let lock = DirectoryLock::take(directory)?;
        let path = directory.join(DATABASE);
        let is_new = !Self::is_in(directory).map_err(unusable)?;
        if is_new && snapshots::are_in(directory).map_err(unusable)? {
            return Err(OpenError::JournalMissing {
                directory: directory.into(),
            });
        }
        let mut connection = connect(&path).map_err(broken)?;
        if is_new {
            // Before anything is promised, the file's own entry in the directory has to be durable.
            fs::File::open(directory)
                .and_then(|entry| entry.sync_all())
                .map_err(unusable)?;
        }
        if let Some(found) = schema::prepare(&mut connection).map_err(broken)? {
            return Err(OpenError::OtherVersion {
                directory: directory.into(),
                found,
                expected: schema::VERSION,
            });
        }
        let head = Arc::new(RwLock::new(schema::head(&connection).map_err(broken)?));
        let readers = Readers::open(|| connect(&path)).map_err(broken)?;
        let snapshots = Snapshots::open(directory).map_err(unusable)?;
        let writer = Arc::new(Writer::new(connection, Arc::clone(&head)));
        Ok(Self {
            writer,
            readers,
            snapshots,
            head,
            keep: OnceLock::new(),
            lock: Some(lock),
        })
    }

    /// Whether there is a journal in a directory, with anything in it.
    pub fn is_in(directory: &Path) -> io::Result<bool> {
        match fs::metadata(directory.join(DATABASE)) {
            Ok(file) => Ok(file.len() > 0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Opens what is there to read it, while another process may write. Its head stays where it was at this moment; an
    /// append is refused. None where there is no journal.
    pub fn open_beside(directory: &Path) -> Result<Option<Self>, OpenError> {
        let unusable = |source| OpenError::Unusable {
            directory: directory.into(),
            source,
        };
        let broken = |source| OpenError::Database {
            directory: directory.into(),
            source,
        };
        let path = directory.join(DATABASE);
        if !path.try_exists().map_err(unusable)? {
            return Ok(None);
        }
        let look = || Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let connection = look().map_err(broken)?;
        if let Some(found) = schema::other_version(&connection).map_err(broken)? {
            return Err(OpenError::OtherVersion {
                directory: directory.into(),
                found,
                expected: schema::VERSION,
            });
        }
        let head = Arc::new(RwLock::new(schema::head(&connection).map_err(broken)?));
        Ok(Some(Self {
            readers: Readers::open(look).map_err(broken)?,
            writer: Arc::new(Writer::new(connection, Arc::clone(&head))),
            snapshots: Snapshots::open(directory).map_err(unusable)?,
            head,
            keep: OnceLock::new(),
            lock: None,
        }))
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    // What was deleted or written over is not left lying about in the file.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    // A statement for each of the few queries; the default of 16 would do, this says that it is meant.
    connection.set_prepared_statement_cache_capacity(16);
    Ok(connection)
}
