//! Where a server's lines are kept: in its data directory, or in Redis.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use shared_types::value::OrganizationId;

use super::{StartupError, places};
use crate::{
    agents::SharedLine,
    config::JournalKind,
    journal::{
        Head, Journal, LineName, OpenError, ReadError, RedisJournal, RedisServer, SqliteJournal,
    },
};

/// Where they are kept.
pub(super) struct Store {
    /// What is beside the lines is here in any case.
    data_dir: PathBuf,
    /// The Redis that other nodes use too; else the lines are in the directory, which this process alone uses.
    redis: Option<Arc<RedisServer>>,
}

/// The line of an organization.
#[derive(Clone)]
pub(super) struct Line {
    pub journal: Arc<dyn Journal>,
    /// For what is beside it.
    pub folder: PathBuf,
    /// Which it is or has to be, where nodes have agreed on that.
    pub id: Option<OrganizationId>,
    /// Where the nodes share what is beside it.
    pub shared: Option<SharedLine>,
}

impl Store {
    /// The store of this kind. Nothing is opened yet.
    pub async fn new(kind: &JournalKind, data_dir: &Path) -> Result<Self, StartupError> {
        let redis = match kind {
            JournalKind::Sqlite => None,
            JournalKind::Redis(address) => {
                let server = RedisServer::new(address.clone())?;
                server.warn_of_settings().await;
                Some(server)
            }
        };
        Ok(Self {
            data_dir: data_dir.to_owned(),
            redis,
        })
    }

    /// The line of who may use the server, and which organizations there are.
    pub async fn directory(&self) -> Result<Arc<dyn Journal>, StartupError> {
        match &self.redis {
            None => sqlite(&places::directory(&self.data_dir)),
            Some(server) => redis(server, LineName::Directory).await,
        }
    }

    /// The line of the organization that was there first, or is going to be.
    pub async fn home(&self) -> Result<Line, StartupError> {
        match &self.redis {
            None => {
                self.check_home()?;
                Ok(Line {
                    journal: sqlite(&self.data_dir)?,
                    folder: self.data_dir.clone(),
                    id: None,
                    shared: None,
                })
            }
            Some(server) => {
                server.check_imported().await?;
                let id = server.home(uuid::Uuid::now_v7().into()).await?;
                self.organization(id).await
            }
        }
    }

    /// The accounts are made after the first organization: where they are, it was there.
    fn check_home(&self) -> Result<(), OpenError> {
        let is_in = |directory: &Path| {
            SqliteJournal::is_in(directory).map_err(|source| OpenError::Unusable {
                directory: directory.to_owned(),
                source,
            })
        };
        if is_in(&places::directory(&self.data_dir))? && !is_in(&self.data_dir)? {
            return Err(OpenError::JournalMissing {
                directory: self.data_dir.clone(),
            });
        }
        Ok(())
    }

    /// The line of any other organization.
    pub async fn organization(&self, id: OrganizationId) -> Result<Line, StartupError> {
        let folder = self.folder(id);
        let journal = match &self.redis {
            None => sqlite(&folder)?,
            Some(server) => {
                std::fs::create_dir_all(&folder).map_err(|source| OpenError::Unusable {
                    directory: folder.clone(),
                    source,
                })?;
                redis(server, LineName::Organization(id)).await?
            }
        };
        Ok(Line {
            journal,
            folder,
            id: Some(id),
            shared: self.redis.as_ref().map(|server| SharedLine {
                server: Arc::clone(server),
                organization: id,
            }),
        })
    }

    /// Where the line of an organization that is not open here ends; none where nobody else writes to it.
    pub async fn head(&self, id: OrganizationId) -> Result<Option<Head>, ReadError> {
        match &self.redis {
            None => Ok(None),
            Some(server) => server.head(LineName::Organization(id)).await.map(Some),
        }
    }

    /// Where a person finds that line.
    pub fn place(&self, id: OrganizationId) -> String {
        match &self.redis {
            None => self.folder(id).display().to_string(),
            Some(server) => format!("organization {id} in {}", server.address()),
        }
    }

    fn folder(&self, id: OrganizationId) -> PathBuf {
        places::organization(&self.data_dir, id)
    }
}

fn sqlite(directory: &Path) -> Result<Arc<dyn Journal>, StartupError> {
    Ok(Arc::new(SqliteJournal::open(directory)?))
}

async fn redis(
    server: &Arc<RedisServer>,
    line: LineName,
) -> Result<Arc<dyn Journal>, StartupError> {
    Ok(Arc::new(RedisJournal::open(server, line).await?))
}
