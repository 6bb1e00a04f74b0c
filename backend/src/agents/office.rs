use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use shared_types::value::Name;

use super::{
    lease::{Leases, MemoryLeases},
    log::{LogBook, RunLogs, SqliteLogs},
    provider::{BookError, Providers, Reach, ServerProvider},
    redis::{RedisLeases, RedisLogs, SharedLine},
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
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            usual: None,
            words_per_second: 5,
            providers: Vec::new(),
            reach: Reach::default(),
        }
    }
}

impl Office {
    /// The office of an organization whose directory this is; where other nodes have it too, with what they share.
    pub fn open(
        directory: &Path,
        shared: Option<SharedLine>,
        setup: &Setup,
    ) -> Result<Self, OfficeError> {
        let (logs, leases): (Arc<dyn RunLogs>, Arc<dyn Leases>) = match shared {
            None => (
                Arc::new(sqlite_logs(directory)?),
                Arc::new(MemoryLeases::default()),
            ),
            Some(line) => (
                Arc::new(RedisLogs::new(line.clone())),
                Arc::new(RedisLeases::new(line)),
            ),
        };
        let providers = Providers::open(
            directory,
            &setup.providers,
            setup.words_per_second,
            setup.usual.clone(),
            setup.reach,
        )?;
        Ok(Self {
            logs: Arc::new(LogBook::new(logs)),
            leases,
            providers,
            settings: setup.settings,
        })
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
