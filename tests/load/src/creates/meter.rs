//! Who used the processors while creates were made.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::usage::{others_cpu, own_cpu};

/// The counters at the beginning.
#[derive(Debug)]
pub struct Meter {
    start: Instant,
    server: Duration,
    own: Duration,
    others: Duration,
}

/// What they came to.
#[derive(Clone, Copy, Debug)]
pub struct Metered {
    /// The time between.
    pub seconds: f64,
    /// Processor seconds of the server.
    pub server_seconds: f64,
    /// Cores' worth of the clients.
    pub client_cores: f64,
    /// Cores' worth of processes that have nothing to do with it.
    pub other_cores: f64,
}

impl Meter {
    /// Begins; `server` is the processor time that the server has used.
    ///
    /// # Errors
    /// There is no `/proc`.
    pub fn start(server: Duration) -> Result<Self> {
        let (own, others) = (own_cpu()?, others_cpu()?);
        Ok(Self {
            start: Instant::now(),
            server,
            own,
            others,
        })
    }

    /// Ends; `server` is what the server has used by now.
    ///
    /// # Errors
    /// There is no `/proc`.
    pub fn stop(&self, server: Duration) -> Result<Metered> {
        let seconds = self.start.elapsed().as_secs_f64();
        let server = server.saturating_sub(self.server);
        // All that we started is the server and the clients, whether they are tasks of ours or a process.
        let clients = own_cpu()?.saturating_sub(self.own).saturating_sub(server);
        let others = others_cpu()?.saturating_sub(self.others);
        Ok(Metered {
            seconds,
            server_seconds: server.as_secs_f64(),
            client_cores: clients.as_secs_f64() / seconds,
            other_cores: others.as_secs_f64() / seconds,
        })
    }
}
