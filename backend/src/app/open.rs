//! What has to be there before the server can answer.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use tokio::net::TcpSocket;

use super::{StartupError, organizations, store::Store};
use crate::{
    agents::Setup,
    api::State,
    assets::{Assets, Files},
    auth,
    config::Serve,
    demo,
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

/// The organization that was there first, founded if there is none.
pub(super) async fn home(
    config: &Serve,
    setup: &Setup,
    store: &Store,
) -> Result<Arc<State>, StartupError> {
    let home = store.home().await?;
    if config.new_epoch {
        organizations::begin_epoch(&*home.journal).await?;
    }
    let founded = home.journal.founded().await.ok().flatten();
    if config.demo && founded.is_some() {
        tracing::info!("there is an organization already, so --demo leaves everything as it is");
    }
    if config.demo && founded.is_none_or(demo::is_demo) {
        home.journal.keep_newest(demo::EVENTS_KEPT);
    }
    let found = || match config.demo {
        true => Ok(demo::founding(auth::now())?),
        false => organizations::founding_empty(),
    };
    organizations::over(home, setup, found).await
}

/// Reads the browser app from its directory, or else takes what the program was built with.
pub(super) fn assets(config: &Serve, built_in: Files) -> Result<Assets, StartupError> {
    let Some(directory) = config.assets() else {
        return Ok(Assets::new(built_in));
    };
    let assets = Assets::load(&directory);
    let assets = assets.map_err(|source| StartupError::Assets {
        directory: directory.clone(),
        source,
    })?;
    if !assets.has_app() {
        tracing::warn!(directory = %directory.display(), "there is no browser app here: its pages say so");
    }
    Ok(assets)
}
