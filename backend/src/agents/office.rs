use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use shared_types::value::Name;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{
    lease::{Leases, MemoryLeases},
    log::{LogBook, RunLogs, SqliteLogs},
    provider::{BookError, ProviderBook, Providers, Reach, ServerProvider, Vault, VaultError},
    redis::{RedisLeases, RedisLogs, RedisShelf, SharedLine},
};

/// What the AI work of one organization shares.
pub struct Office {
    /// What runs write as they work.
    pub logs: Arc<LogBook>,
    /// Which workers are there.
    pub leases: Arc<dyn Leases>,
    /// Whose models there are.
    pub providers: Providers,
    /// How its worker works.
    pub settings: Settings,
    is_shared: bool,
}

/// How a worker works.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How long a provider may send nothing.
    pub stall: Duration,
    /// Logs that are kept of runs that are over.
    pub logs_kept: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            stall: Duration::from_secs(120),
            logs_kept: 2_000,
        }
    }
}

/// What the operator says about AI work.
#[derive(Debug, Clone)]
pub struct Setup {
    pub settings: Settings,
    /// The provider of members who name none.
    pub usual: Option<Name>,
    /// How fast the scripted provider speaks.
    pub words_per_second: u32,
    /// The providers that every organization has.
    pub providers: Vec<ServerProvider>,
    /// What those that an organization sets may be asked at.
    pub reach: Reach,
    /// The file with the key that their keys are sealed with, the same for all nodes.
    pub sealing_key: Option<PathBuf>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            usual: None,
            words_per_second: 5,
            providers: Vec::new(),
            reach: Reach::default(),
            sealing_key: None,
        }
    }
}

impl Setup {
    /// Refuses a sealing key that is of no use, before anything is sealed with it.
    pub fn check(&self) -> Result<(), VaultError> {
        let named = self.sealing_key.as_deref().map(Vault::named);
        named.map_or(Ok(()), |vault| vault.check())
    }
}

impl Office {
    /// The office of an organization whose directory this is; where other nodes have it too, with what they share.
    pub async fn open(
        directory: &Path,
        shared: Option<SharedLine>,
        setup: &Setup,
    ) -> Result<Self, OfficeError> {
        let is_shared = shared.is_some();
        let sealing_key = setup.sealing_key.as_deref();
        let (logs, leases, book): (Arc<dyn RunLogs>, Arc<dyn Leases>, _) = match shared {
            None => (
                Arc::new(sqlite_logs(directory)?),
                Arc::new(MemoryLeases::default()),
                ProviderBook::here(directory, sealing_key).await?,
            ),
            Some(line) => {
                let shelf = Box::new(RedisShelf::new(line.clone()));
                let book = ProviderBook::shared(shelf, line.organization, sealing_key);
                (
                    Arc::new(RedisLogs::new(line.clone())),
                    Arc::new(RedisLeases::new(line)),
                    book.await?,
                )
            }
        };
        let providers = Providers::new(
            book,
            &setup.providers,
            setup.words_per_second,
            setup.usual.clone(),
            setup.reach,
        );
        Ok(Self {
            logs: Arc::new(LogBook::new(logs)),
            leases,
            providers,
            settings: setup.settings,
            is_shared,
        })
    }

    /// Keeps to the providers that other nodes' admins set, until cancelled; done at once where there are no other nodes.
    /// `told` changes when one was set.
    pub async fn follow_providers(&self, told: watch::Receiver<u64>, cancelled: CancellationToken) {
        if self.is_shared {
            self.providers.follow(told, cancelled).await;
        }
    }
}

fn sqlite_logs(directory: &Path) -> Result<SqliteLogs, OfficeError> {
    SqliteLogs::open(directory).map_err(|source| OfficeError::Logs {
        directory: directory.into(),
        source,
    })
}

/// Why there is no office.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    #[error(
        "the logs of runs in {} can't be opened: {source}. Move logs.sqlite away, or restore it from a backup",
        .directory.display()
    )]
    Logs {
        directory: PathBuf,
        source: rusqlite::Error,
    },
    #[error(transparent)]
    Providers(#[from] BookError),
}
