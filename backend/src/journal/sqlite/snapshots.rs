//! Saved models: files named after their position, in a folder of the data directory.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;

use crate::journal::{AppendError, ReadError, StoredSnapshot};

const FOLDER: &str = "snapshots";
const EXTENSION: &str = "snapshot";
/// The newest, and one more in case it turns out to be of no use.
const KEPT: usize = 2;

pub(super) struct Snapshots {
    folder: Arc<Path>,
}

impl Snapshots {
    /// Those of a data directory.
    pub fn open(directory: &Path) -> io::Result<Self> {
        let folder = directory.join(FOLDER);
        fs::create_dir_all(&folder)?;
        Ok(Self {
            folder: folder.into(),
        })
    }

    /// The newest one.
    pub async fn newest(&self) -> Result<Option<StoredSnapshot>, ReadError> {
        let folder = Arc::clone(&self.folder);
        let read = move || -> io::Result<Option<StoredSnapshot>> {
            let Some((seq, path)) = saved(&folder)?.pop() else {
                return Ok(None);
            };
            Ok(Some(StoredSnapshot {
                seq,
                bytes: Bytes::from(fs::read(path)?),
            }))
        };
        let read = tokio::task::spawn_blocking(read).await;
        read.map_err(|error| ReadError(error.to_string()))?
            .map_err(|error| ReadError(error.to_string()))
    }

    /// Drops the one of this position.
    pub async fn drop(&self, seq: u64) -> Result<(), AppendError> {
        let path = place(&self.folder, seq);
        let dropped = tokio::task::spawn_blocking(move || fs::remove_file(path)).await;
        dropped
            .map_err(|error| AppendError::Unavailable(error.to_string()))?
            .map_err(|error| AppendError::Unavailable(error.to_string()))
    }

    /// Adds one and drops the oldest.
    pub async fn save(&self, snapshot: StoredSnapshot) -> Result<(), AppendError> {
        let folder = Arc::clone(&self.folder);
        let written = tokio::task::spawn_blocking(move || write(&folder, &snapshot)).await;
        written
            .map_err(|error| AppendError::Unavailable(error.to_string()))?
            .map_err(|error| AppendError::Unavailable(error.to_string()))
    }
}

fn write(folder: &Path, snapshot: &StoredSnapshot) -> io::Result<()> {
    // Under another name until it is all there: a half-written one is never taken for one.
    let unfinished = folder.join("unfinished");
    let mut file = File::create(&unfinished)?;
    file.write_all(&snapshot.bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, place(folder, snapshot.seq))?;
    File::open(folder)?.sync_all()?;
    let saved = saved(folder)?;
    for (_, path) in &saved[..saved.len().saturating_sub(KEPT)] {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// Whether there is any in a data directory.
pub(super) fn are_in(directory: &Path) -> io::Result<bool> {
    match saved(&directory.join(FOLDER)) {
        Ok(saved) => Ok(!saved.is_empty()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn place(folder: &Path, seq: u64) -> PathBuf {
    folder.join(format!("{seq:020}.{EXTENSION}"))
}

/// What is there, oldest position first.
fn saved(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let seq = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .and_then(|stem| stem.parse().ok());
        if let (Some(seq), true) = (
            seq,
            path.extension()
                .is_some_and(|extension| extension == EXTENSION),
        ) {
            found.push((seq, path));
        }
    }
    found.sort();
    Ok(found)
}
