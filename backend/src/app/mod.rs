//! The whole server, put together: the same for production and for tests.

mod accounts;
mod cors;
mod error;
mod health;
mod host;
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

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{dev::Server, web::Data};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use accounts::{AccountError, manage_accounts};
pub use error::StartupError;
pub use logging::start as start_logging;
pub use organizations::make_known;
pub use process::{choose_cryptography, keep_files_private, prepare as prepare_process};

use crate::{
    assets::Files,
    auth::{Auth, Secret},
    config::{Serve, Switch},
    demo, sql,
};
use host::Beside;
use organizations::Opening;
use server::Shared;
use store::Store;

/// A supervisor kills what has not gone within 10 seconds.
const STOP_AT_MOST: Duration = Duration::from_millis(9_500);
/// What is left of it, at least, when the connections are gone.
const CLOSE_AT_LEAST: Duration = Duration::from_millis(2_500);

/// How often it is asked whether an organization that is closed here was written to at another node.
const ASK_EVERY: Duration = Duration::from_secs(60);

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
        setup.check().map_err(StartupError::SealingKey)?;
        let listener = open::listen(config.listen)?;
        let address = listener
            .local_addr()
            .map_err(|source| StartupError::listen(config.listen, source))?;
        let store = Arc::new(Store::new(&config.journal, &config.data_dir).await?);
        let home = open::home(config, &setup, &store).await?;
        let opening = Opening {
            policy: config.policy(),
            setup,
            new_epoch: config.new_epoch,
            beside: Beside::Server {
                works: config.has_worker(),
                asks_every: ASK_EVERY.min(config.close_unused_minutes),
            },
        };
        let auth = Arc::new(organizations::open(&store, home, opening).await?);
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

        tasks.spawn(host::keep_open(
            Arc::clone(&auth),
            config.close_unused(),
            cancelled.clone(),
        ));
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
        let stopping = tokio::select! {
            ended = &mut serving => {
                ended?;
                Instant::now()
            }
            () = stop => {
                tracing::info!("stopping");
                let begun = Instant::now();
                auth.organizations.all().iter().for_each(|state| state.hub.close());
                let drained = async {
                    let (ended, ()) = tokio::join!(serving, handle.stop(true));
                    ended
                };
                match tokio::time::timeout(STOP_AT_MOST - CLOSE_AT_LEAST, drained).await {
                    Ok(ended) => ended?,
                    Err(_) => tracing::warn!("some requests did not end in time"),
                }
                begun
            }
        };
        let closed = async {
            cancelled.cancel();
            tasks.close();
            tasks.wait().await;
            auth.organizations.close_all().await;
            auth.directory.stop().await;
        };
        let left = STOP_AT_MOST.saturating_sub(stopping.elapsed());
        match tokio::time::timeout(left, closed).await {
            Ok(()) => tracing::info!("stopped"),
            // What was acknowledged is in the journal.
            Err(_) => tracing::warn!("stopped before all models were saved: the journal is slow"),
        }
        Ok(())
    }
}
