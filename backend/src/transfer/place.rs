//! Where everything is that is exported: in a data directory, or in Redis. A server may run on it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use shared_types::value::OrganizationId;

use super::TransferError;
use crate::{
    agents::{RedisLogs, SharedLine, log::RunLogs, log::SqliteLogs},
    app::places,
    config::JournalKind,
    journal::{Journal, LineName, RedisJournal, RedisServer, SqliteJournal},
};

/// What a server keeps, to be read.
pub(super) enum Place {
    Directory(PathBuf),
    Redis {
        server: Arc<RedisServer>,
        home: OrganizationId,
    },
}

/// An organization's events, and what its runs wrote.
pub(super) struct Kept {
    pub journal: Arc<dyn Journal>,
    pub logs: Option<Box<dyn RunLogs>>,
}

impl Place {
    /// What is kept there.
    pub async fn open(kind: &JournalKind, data_dir: &Path) -> Result<Self, TransferError> {
        match kind {
            JournalKind::Sqlite => Ok(Self::Directory(data_dir.into())),
            JournalKind::Redis(address) => {
                let server = RedisServer::new(address.clone())?;
                let home = server.known_home().await?;
                let home = home.ok_or_else(|| TransferError::NothingInRedis(address.clone()))?;
                Ok(Self::Redis { server, home })
            }
        }
    }

    /// The accounts.
    pub async fn directory(&self) -> Result<Arc<dyn Journal>, TransferError> {
        match self {
            Self::Directory(data_dir) => beside(&places::directory(data_dir)),
            Self::Redis { server, .. } => in_redis(server, LineName::Directory).await,
        }
    }

    /// The organization that was there first.
    pub async fn home(&self) -> Result<Kept, TransferError> {
        match self {
            Self::Directory(data_dir) => in_folder(data_dir),
            Self::Redis { home, .. } => self.organization(*home).await,
        }
    }

    /// Any other one.
    pub async fn organization(&self, id: OrganizationId) -> Result<Kept, TransferError> {
        match self {
            Self::Directory(data_dir) => in_folder(&places::organization(data_dir, id)),
            Self::Redis { server, .. } => {
                let line = SharedLine {
                    server: Arc::clone(server),
                    organization: id,
                };
                Ok(Kept {
                    journal: in_redis(server, LineName::Organization(id)).await?,
                    logs: Some(Box::new(RedisLogs::new(line))),
                })
            }
        }
    }
}

fn in_folder(folder: &Path) -> Result<Kept, TransferError> {
    let logs = SqliteLogs::open_beside(folder)?;
    Ok(Kept {
        journal: beside(folder)?,
        logs: logs.map(|logs| Box::new(logs) as _),
    })
}

fn beside(folder: &Path) -> Result<Arc<dyn Journal>, TransferError> {
    match SqliteJournal::open_beside(folder)? {
        Some(journal) => Ok(Arc::new(journal)),
        None => Err(TransferError::NoJournal(folder.into())),
    }
}

async fn in_redis(
    server: &Arc<RedisServer>,
    line: LineName,
) -> Result<Arc<dyn Journal>, TransferError> {
    Ok(Arc::new(RedisJournal::open(server, line).await?))
}
