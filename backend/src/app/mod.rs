//! The whole server, put together: the same for production and for tests.

mod error;
mod health;
mod logging;
mod metrics;
mod open;
mod process;
mod requests;
mod server;
#[cfg(test)]
mod tests;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{dev::Server, web::Data};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use error::StartupError;
pub use logging::start as start_logging;
pub use process::prepare as prepare_process;

use crate::{
    api,
    config::{Serve, Switch},
    demo,
    engine::Engine,
    live::{self, Hub},
};
use server::Shared;

/// A supervisor kills what has not gone within 10 seconds.
const STOP_AT_MOST: Duration = Duration::from_secs(9);

/// A server that listens, and waits to be run.
pub struct Application {
    address: SocketAddr,
    server: Server,
    engine: Engine,
    hub: Arc<Hub>,
    tasks: TaskTracker,
    cancelled: CancellationToken,
}

impl Application {
    /// Binds the address, opens the data directory and loads the model.
    pub async fn build(config: &Serve) -> Result<Self, StartupError> {
        // First, so that whatever is counted from here on is.
        let metrics = metrics::recorder().clone();
        let listener = open::listen(config.listen)?;
        let address = listener
            .local_addr()
            .map_err(|source| StartupError::listen(config.listen, source))?;
        let journal = open::journal(config).await?;
        let hub = Hub::new(Arc::clone(&journal));
        let engine = open::engine(config, Arc::clone(&journal), Arc::clone(&hub)).await?;
        let assets = open::assets(config)?;

        let tasks = TaskTracker::new();
        let cancelled = CancellationToken::new();
        tasks.spawn(metrics::upkeep(metrics.clone(), cancelled.clone()));
        if config.demo && config.demo_agents == Switch::On {
            let watched = Arc::clone(&hub);
            tasks.spawn(demo::work(
                engine.clone(),
                move || watched.is_watched(),
                cancelled.clone(),
            ));
        }

        tasks.spawn(live::keep_telling(Arc::clone(&hub)));

        let shared = Shared {
            state: Data::new(api::State::new(engine.clone(), journal)),
            hub: Arc::clone(&hub),
            assets: Data::new(assets),
            metrics: Data::new(metrics),
        };
        let server = server::server(config, listener, shared)
            .map_err(|source| StartupError::listen(address, source))?;
        Ok(Self {
            address,
            server,
            engine,
            hub,
            tasks,
            cancelled,
        })
    }

    /// Where it listens; with port 0 in the configuration, the port it got.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop`, then drains: nobody new is let in, live connections are told when to come back, requests
    /// under way are finished, and the journal is closed.
    pub async fn run(self, stop: impl Future<Output = ()>) -> io::Result<()> {
        let Self {
            server,
            engine,
            hub,
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
                hub.close();
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
        engine.stop().await;
        tracing::info!("stopped");
        Ok(())
    }
}
