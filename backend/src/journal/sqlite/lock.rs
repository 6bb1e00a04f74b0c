use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
};

use super::OpenError;

const NAME: &str = "devteam.lock";

/// Keeps every other process out of a data directory for as long as it lives. The operating system lifts it when the
/// process ends, however that happens.
pub(super) struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Locks the directory, or says who has it.
    pub fn take(directory: &Path) -> Result<Self, OpenError> {
        let unusable = |source| OpenError::Unusable {
            directory: directory.into(),
            source,
        };
        let path = directory.join(NAME);
        let mut options = OpenOptions::new();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who it is makes the message better, but there is one without it.
                let _ = file.read_to_string(&mut holder);
                return Err(OpenError::InUse {
                    directory: directory.into(),
                    holder: holder.trim().into(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        file.set_len(0).map_err(unusable)?;
        file.rewind().map_err(unusable)?;
        writeln!(file, "{}", std::process::id()).map_err(unusable)?;
        Ok(Self { _file: file })
    }
}
