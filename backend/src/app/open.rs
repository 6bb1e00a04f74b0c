//! What has to be there before the server can answer.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use shared_types::value::Timestamp;
use tokio::net::TcpSocket;

use super::StartupError;
use crate::{
    api,
    assets::Assets,
    config::{JournalKind, Serve},
    demo,
    engine::Engine,
    founding::{self, Founding},
    journal::{Journal, SqliteJournal, fresh_epoch},
    live::Hub,
};

/// Connections that may wait to be accepted: a thousand browsers come back at once when a server has restarted.
const BACKLOG: u32 = 4_096;

/// Binds the address, so that nothing is touched when another server has it.
pub(super) fn listen(address: SocketAddr) -> Result<TcpListener, StartupError> {
    let bind = || {
        let socket = if address.is_ipv4() {
            TcpSocket::new_v4()
        } else {
            TcpSocket::new_v6()
        }?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)?.into_std()
    };
    bind().map_err(|source| StartupError::listen(address, source))
}

/// Opens the journal.
pub(super) async fn journal(config: &Serve) -> Result<Arc<dyn Journal>, StartupError> {
    let journal: Arc<dyn Journal> = match config.journal {
        JournalKind::Sqlite => Arc::new(SqliteJournal::open(&config.data_dir)?),
    };
    if config.new_epoch {
        journal
            .set_epoch(fresh_epoch())
            .await
            .map_err(StartupError::NewEpoch)?;
    }
    Ok(journal)
}

/// Loads the model, or founds an organization where there is none.
pub(super) async fn engine(
    config: &Serve,
    journal: Arc<dyn Journal>,
    hub: Arc<Hub>,
) -> Result<Engine, StartupError> {
    if config.demo
        && journal
            .founded()
            .await
            .is_ok_and(|organization| organization.is_some())
    {
        tracing::info!("there is an organization already, so --demo leaves everything as it is");
    }
    let found = || -> Result<Founding, Box<dyn std::error::Error + Send + Sync>> {
        let now = now();
        Ok(if config.demo {
            demo::founding(now)?
        } else {
            founding::empty(now, uuid::Uuid::new_v4().as_u128())?
        })
    };
    Ok(Engine::start(journal, hub, api::render, found).await?)
}

/// Reads the browser app.
pub(super) fn assets(config: &Serve) -> Result<Assets, StartupError> {
    let directory = config.assets();
    Assets::load(directory.as_deref()).map_err(|source| match directory {
        Some(directory) => StartupError::Assets { directory, source },
        None => StartupError::Embedded(source),
    })
}

fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
