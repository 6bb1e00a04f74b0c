//! The servers that are measured: each started fresh in a temporary directory, on free ports of 127.0.0.1.

pub mod agent;
pub mod devteam;
mod find;
pub mod nats;
pub mod nchan;
pub mod organization;
pub mod postgres;
mod process;
pub mod redis;

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::{
    client::dialect::Dialect,
    fanout::lane::LanePlan,
    usage::{Family, Usage},
};
use process::Process;

pub use process::output;

/// How long a server may take to start.
const START: Duration = Duration::from_secs(30);

/// Where the temporary directories of one run go.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Nothing: the system's own place for temporary files.
    pub base: Option<PathBuf>,
}

impl Place {
    /// A new directory, deleted when dropped.
    ///
    /// # Errors
    /// It can't be made.
    pub fn directory(&self, name: &str) -> Result<TempDir> {
        let mut builder = tempfile::Builder::new();
        let prefix = format!("load-{name}-");
        builder.prefix(&prefix);
        match &self.base {
            Some(base) => builder.tempdir_in(base),
            None => builder.tempdir(),
        }
        .context("making a temporary directory")
    }
}

/// A server that fans out, ready to be measured. Stopped and cleaned up when dropped.
#[derive(Debug)]
pub struct Running {
    /// With its version, where it tells.
    pub name: String,
    /// Where subscribers connect.
    pub address: SocketAddr,
    /// How they subscribe.
    pub dialect: Dialect,
    /// How messages are published: one lane can have one message under way.
    pub lanes: Vec<LanePlan>,
    // The process goes before the directory that it writes into.
    process: Process,
    _directory: TempDir,
}

impl Running {
    /// What the server takes of the machine now.
    ///
    /// # Errors
    /// It has ended; the error has the end of its log.
    pub fn usage(&mut self) -> Result<Usage> {
        self.process.usage()
    }

    /// Whether it answers those who publish.
    pub fn acknowledges(&self) -> bool {
        self.lanes.iter().all(LanePlan::acknowledged)
    }
}

/// A port that nobody listened on a moment ago.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

/// The address of a port on this machine.
fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// Waits until something listens.
async fn listening(address: SocketAddr, process: &mut Process) -> Result<()> {
    let until = Instant::now() + START;
    loop {
        process.check()?;
        match tokio::net::TcpStream::connect(address).await {
            Ok(_) => return Ok(()),
            Err(error) if Instant::now() > until => {
                return Err(error).context("the server does not listen");
            }
            Err(_) => sleep(Duration::from_millis(20)).await,
        }
    }
}

/// The family of the process, for those who hold only that.
fn family(process: &tokio::process::Child) -> Result<Family> {
    Family::of(process.id().context("the process has ended")?)
}
