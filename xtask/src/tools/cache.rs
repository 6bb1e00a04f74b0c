//! The cache folder: `tools/` below the user's cache directory, one folder per tool and version.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::failure::{Result, while_doing};
use crate::place;

/// The cache, locked against other runs until dropped.
pub struct Cache {
    dir: PathBuf,
    _lock: File,
}

impl Cache {
    /// Waits until no other run is installing.
    pub fn open() -> Result<Self> {
        let dir = place::tools()?;
        fs::create_dir_all(&dir).map_err(while_doing(format!("creating {}", dir.display())))?;
        let file = dir.join("lock");
        let doing = format!("locking {}", file.display());
        let lock = File::create(&file).map_err(while_doing(&doing))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                eprintln!("    another run is installing tools: waiting for it");
                lock.lock().map_err(while_doing(&doing))?;
            }
            Err(TryLockError::Error(error)) => return Err(while_doing(&doing)(error)),
        }
        Ok(Self { dir, _lock: lock })
    }

    /// The folder of that name, filled by `fill` if it is not there. A run that is killed leaves no half of it.
    pub fn folder(&self, name: &str, fill: impl FnOnce(&Path) -> Result) -> Result<PathBuf> {
        let done = self.dir.join(name);
        if done.is_dir() {
            return Ok(done);
        }
        let partial = self.dir.join(format!("{name}.partial"));
        if partial.is_dir() {
            fs::remove_dir_all(&partial)
                .map_err(while_doing(format!("removing {}", partial.display())))?;
        }
        fs::create_dir_all(&partial)
            .map_err(while_doing(format!("creating {}", partial.display())))?;
        fill(&partial)?;
        fs::rename(&partial, &done).map_err(while_doing(format!("naming {}", done.display())))?;
        Ok(done)
    }

    /// Where tools are compiled; shared, so that one run compiles what two of them need once.
    pub fn build_dir(&self) -> PathBuf {
        self.dir.join("build")
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        // A gigabyte nobody needs again. If it can't be removed, it is only a waste.
        let _ = fs::remove_dir_all(self.build_dir());
    }
}
