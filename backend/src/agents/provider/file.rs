use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use futures_util::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};
use shared_types::value::Name;

use super::book::{BookError, Pages, Shelf};

const FILE: &str = "providers.json";
const VERSION: u32 = 1;

/// A file in the organization's directory.
pub struct FileShelf {
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Written {
    version: u32,
    providers: Pages,
}

impl FileShelf {
    pub fn new(directory: &Path) -> Self {
        Self {
            path: directory.join(FILE),
        }
    }
}

impl Shelf for FileShelf {
    fn read(&self) -> BoxFuture<'_, Result<Pages, BookError>> {
        let path = self.path.clone();
        off_the_runtime(self.path.clone(), move || match fs::read(&path) {
            Ok(bytes) => read(&bytes).map_err(|why| BookError::Unreadable { path, why }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Pages::new()),
            Err(source) => Err(BookError::File { path, source }),
        })
    }

    fn write<'a>(&'a self, pages: &'a Pages, _: &'a Name) -> BoxFuture<'a, Result<(), BookError>> {
        let (path, providers) = (self.path.clone(), pages.clone());
        off_the_runtime(self.path.clone(), move || {
            let version = VERSION;
            let written = write(&path, &Written { version, providers });
            written.map_err(|source| BookError::File { path, source })
        })
    }
}

/// Waits for the disk on a thread that may.
fn off_the_runtime<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce() -> Result<T, BookError> + Send + 'static,
) -> BoxFuture<'static, Result<T, BookError>> {
    async move {
        let worked = tokio::task::spawn_blocking(work).await;
        worked.unwrap_or_else(|stopped| {
            let source = stopped.into();
            Err(BookError::File { path, source })
        })
    }
    .boxed()
}

fn read(bytes: &[u8]) -> Result<Pages, String> {
    let written: Written = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    match written.version {
        VERSION => Ok(written.providers),
        other => Err(format!(
            "it is of version {other}, this program knows {VERSION}"
        )),
    }
}

/// The file has either what it had or all of this, whenever the machine stops.
fn write(path: &Path, written: &Written) -> io::Result<()> {
    let draft = path.with_extension("json.new");
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(&serde_json::to_vec_pretty(written)?)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    match path.parent() {
        Some(directory) => fs::File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}
