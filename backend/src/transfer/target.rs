//! Where everything that is imported is to be: a data directory that is made beside its place and moved there when it is
//! whole, or a Redis in which nothing is yet.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use shared_types::value::OrganizationId;

use super::TransferError;
use crate::{
    agents::{
        RedisLogs, SharedLine,
        log::{LogError, RunLogs, SqliteLogs},
    },
    app::places,
    config::JournalKind,
    journal::{ConnectError, Journal, LineName, RedisJournal, RedisServer, SqliteJournal},
};

/// What is being filled.
pub(super) enum Target {
    Directory {
        data_dir: PathBuf,
        unfinished: PathBuf,
    },
    Redis {
        server: Arc<RedisServer>,
    },
}

impl Target {
    /// A place in which nothing is; a directory may be there if it is empty.
    pub async fn take(kind: &JournalKind, data_dir: &Path) -> Result<Self, TransferError> {
        match kind {
            JournalKind::Sqlite => take_directory(data_dir),
            JournalKind::Redis(address) => {
                let server = RedisServer::new(address.clone())?;
                if server.known_home().await?.is_some() {
                    return Err(TransferError::RedisInUse(address.clone()));
                }
                // What an import has left behind that was cut short.
                clear_half_imported(&server).await?;
                Ok(Self::Redis { server })
            }
        }
    }

    /// A place for an organization's events, and for what its runs wrote.
    pub async fn organization(
        &mut self,
        id: OrganizationId,
        is_home: bool,
    ) -> Result<(Arc<dyn Journal>, Box<dyn RunLogs>), TransferError> {
        match self {
            Self::Directory { unfinished, .. } => {
                let folder = match is_home {
                    true => unfinished.clone(),
                    false => places::organization(unfinished, id),
                };
                let journal = Arc::new(SqliteJournal::open(&folder)?);
                let logs = SqliteLogs::open(&folder).map_err(LogError::from)?;
                Ok((journal, Box::new(logs)))
            }
            Self::Redis { .. } => {
                let (server, journal) = self.begin(LineName::Organization(id)).await?;
                let line = SharedLine {
                    server,
                    organization: id,
                };
                Ok((journal, Box::new(RedisLogs::new(line))))
            }
        }
    }

    /// A place for the accounts.
    pub async fn directory(&mut self) -> Result<Arc<dyn Journal>, TransferError> {
        match self {
            Self::Directory { unfinished, .. } => {
                let journal = SqliteJournal::open(&places::directory(unfinished))?;
                Ok(Arc::new(journal))
            }
            Self::Redis { .. } => Ok(self.begin(LineName::Directory).await?.1),
        }
    }

    /// A line in Redis, which must not be there yet.
    async fn begin(
        &mut self,
        line: LineName,
    ) -> Result<(Arc<RedisServer>, Arc<dyn Journal>), TransferError> {
        let Self::Redis { server } = self else {
            return Err(TransferError::Damaged("it is not in Redis".into()));
        };
        let journal: Arc<dyn Journal> = Arc::new(RedisJournal::open(server, line).await?);
        if journal.founded().await?.is_some() {
            return Err(TransferError::RedisInUse(server.address().clone()));
        }
        server.mark_importing(line).await?;
        Ok((Arc::clone(server), journal))
    }

    /// All is there: from here on servers may use it.
    pub async fn finish(&self, home: OrganizationId) -> Result<(), TransferError> {
        match self {
            // In one step, from nothing to all.
            Self::Directory {
                data_dir,
                unfinished,
            } => {
                let moved = fs::rename(unfinished, data_dir);
                let parent = data_dir
                    .parent()
                    .filter(|parent| !parent.as_os_str().is_empty());
                let synced = moved
                    .and_then(|()| fs::File::open(parent.unwrap_or(Path::new(".")))?.sync_all());
                synced.map_err(|source| TransferError::Output {
                    path: data_dir.clone(),
                    source,
                })
            }
            Self::Redis { server } => {
                if server.home(home).await? != home {
                    return Err(TransferError::RedisInUse(server.address().clone()));
                }
                Ok(server.forget_importing().await?)
            }
        }
    }

    /// Takes away what was imported so far.
    pub async fn give_up(self) {
        match self {
            Self::Directory { unfinished, .. } => {
                if let Err(error) = fs::remove_dir_all(&unfinished) {
                    tracing::warn!(%error, folder = %unfinished.display(), "what was imported so far is left behind");
                }
            }
            Self::Redis { server } => {
                if let Err(error) = clear_half_imported(&server).await {
                    tracing::warn!(%error, "what was imported so far is left behind: the next import takes it away");
                }
            }
        }
    }
}

async fn clear_half_imported(server: &RedisServer) -> Result<(), ConnectError> {
    for line in server.half_imported().await? {
        server.clear(line).await?;
    }
    server.forget_importing().await
}

fn take_directory(data_dir: &Path) -> Result<Target, TransferError> {
    let is_empty = match fs::read_dir(data_dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    if !is_empty {
        return Err(TransferError::NotEmpty(data_dir.into()));
    }
    let mut name = data_dir.as_os_str().to_owned();
    name.push(".importing");
    let unfinished = PathBuf::from(name);
    let failed = |source| TransferError::Output {
        path: unfinished.clone(),
        source,
    };
    // What an import has left behind that was cut short.
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(failed)?;
    }
    fs::create_dir_all(&unfinished).map_err(failed)?;
    Ok(Target::Directory {
        data_dir: data_dir.into(),
        unfinished,
    })
}
