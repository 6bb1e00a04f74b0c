//! The whole server, put together: the same for production and for tests.

mod accounts;
mod cors;
mod error;
mod health;
mod logging;
mod metrics;
mod open;
mod organizations;
pub mod places;
mod process;
mod requests;
mod server;
mod store;
#[cfg(test)]
mod tests;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{dev::Server, web::Data};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use accounts::{AccountError, manage_accounts};
pub use error::StartupError;
pub use logging::start as start_logging;
pub use organizations::make_known;
pub use process::{choose_cryptography, prepare as prepare_process};

use crate::{
    agents,
    assets::Files,
    auth::{Auth, Secret},
    config::{Serve, Switch},
    demo, live, sql,
};
use server::Shared;
use store::Store;

/// A supervisor kills what has not gone within 10 seconds.
const STOP_AT_MOST: Duration = Duration::from_secs(9);

/// A server that listens, and waits to be run.
pub struct Application {
    address: SocketAddr,
    server: Server,
    auth: Arc<Auth>,
    set_up: Option<Secret>,
    tasks: TaskTracker,
    cancelled: CancellationToken,
}

impl Application {
    /// Binds the address, opens the data directory and loads the model. `app` is the browser app that the program was
    /// built with, for where no other one is found; it may be empty.
    pub async fn build(config: &Serve, app: Files) -> Result<Self, StartupError> {
        // First, so that whatever is counted from here on is.
        let metrics = metrics::recorder().clone();
        let setup = config.agents()?;
        let listener = open::listen(config.listen)?;
        let address = listener
            .local_addr()
            .map_err(|source| StartupError::listen(config.listen, source))?;
        let store = Store::new(&config.journal, &config.data_dir).await?;
        let home = open::home(config, &setup, &store).await?;
        let auth =
            organizations::open(&store, home, config.policy(), &setup, config.new_epoch).await?;
        let auth = Arc::new(auth);
        let set_up = organizations::set_up_link(&auth).await?;
        let assets = open::assets(config, app)?;

        let tasks = TaskTracker::new();
        let cancelled = CancellationToken::new();
        tasks.spawn(metrics::upkeep(metrics.clone(), cancelled.clone()));
        if config.demo && config.demo_agents == Switch::On {
            let watched = Arc::clone(&auth.home().hub);
            tasks.spawn(demo::keep_busy(
                auth.home().engine.clone(),
                move || watched.is_watched(),
                cancelled.clone(),
            ));
        }

        for state in auth.organizations() {
            tasks.spawn(live::keep_telling(Arc::clone(&state.hub)));
            tasks.spawn(live::share_presence(Arc::clone(&state.hub)));
            tasks.spawn(agents::log::share_logs(
                Arc::clone(&state.office.logs),
                Arc::clone(&state.journal),
                cancelled.clone(),
            ));
            tasks.spawn(agents::observer::observe(
                Arc::clone(state),
                cancelled.clone(),
            ));
            if config.has_worker() {
                tasks.spawn(agents::work(Arc::clone(state), cancelled.clone()));
            }
        }

        if let Some(url) = config.database_url.clone() {
            let (auth, cancelled) = (Arc::clone(&auth), cancelled.clone());
            tasks.spawn(async move {
                cancelled.run_until_cancelled(sql::watch(url, auth)).await;
            });
        }

        let shared = Shared {
            auth: Arc::clone(&auth),
            assets: Data::new(assets),
            metrics: Data::new(metrics),
        };
        let server = server::server(config, listener, shared)
            .map_err(|source| StartupError::listen(address, source))?;
        Ok(Self {
            address,
            server,
            auth,
            set_up,
            tasks,
            cancelled,
        })
    }

    /// Where it listens; with port 0 in the configuration, the port it got.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where on this server the first account is made, if there is none yet. To be shown once and to nobody else.
    pub fn set_up_path(&self) -> Option<String> {
        let secret = self.set_up.as_ref()?;
        Some(format!("/set-up#{}", secret.reveal()))
    }

    /// Serves until `stop`, then drains: nobody new is let in, live connections are told when to come back, requests
    /// under way are finished, and the journal is closed.
    pub async fn run(self, stop: impl Future<Output = ()>) -> io::Result<()> {
        let Self {
            server,
            auth,
            tasks,
            cancelled,
            ..
        } = self;
        let handle = server.handle();
        let mut serving = std::pin::pin!(server);
        tokio::select! {
            ended = &mut serving => ended?,
            () = stop => {
                tracing::info!("stopping");
                auth.organizations().for_each(|state| state.hub.close());
                let drained = async {
                    let (ended, ()) = tokio::join!(serving, handle.stop(true));
                    ended
                };
                match tokio::time::timeout(STOP_AT_MOST, drained).await {
                    Ok(ended) => ended?,
                    Err(_) => tracing::warn!("some requests did not end in time"),
                }
            }
        }
        cancelled.cancel();
        tasks.close();
        tasks.wait().await;
        for state in auth.organizations() {
            state.engine.stop().await;
        }
        auth.directory.stop().await;
        tracing::info!("stopped");
        Ok(())
    }
}
