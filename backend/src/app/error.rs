use std::{io, net::SocketAddr, path::PathBuf};

use crate::{
    agents::{OfficeError, ServersError, VaultError},
    auth::Closed,
    engine::{Failure, StartError},
    journal::{AppendError, ConnectError, OpenError},
};

/// Why the server does not start. Each message is one line that says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    #[error(
        "{address} is in use: stop what listens there, or choose another address with --listen"
    )]
    AddressInUse { address: SocketAddr },
    #[error("can't listen on {address}: {source}. Choose another address with --listen")]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
    #[error(transparent)]
    Journal(#[from] OpenError),
    #[error(transparent)]
    Office(#[from] OfficeError),
    #[error(transparent)]
    Providers(#[from] ServersError),
    #[error(
        "{0}. A new sealing key is made by `openssl rand -out FILE 32` and `chmod 600 FILE`; every node needs the same one"
    )]
    SealingKey(VaultError),
    #[error(transparent)]
    Redis(#[from] ConnectError),
    #[error("the new epoch can't be set: {0}")]
    NewEpoch(AppendError),
    #[error(transparent)]
    Engine(#[from] StartError),
    #[error("{0}")]
    Organization(Closed),
    #[error("accounts can't be written: {0}")]
    Directory(Failure),
    #[error("the system has no random numbers: {0}")]
    Randomness(getrandom::Error),
    #[error("the browser app in {} can't be read: {source}. Name another directory with --assets-dir", .directory.display())]
    Assets {
        directory: PathBuf,
        source: io::Error,
    },
}

impl StartupError {
    /// Why an address can't be had.
    pub(super) fn listen(address: SocketAddr, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::AddrInUse => Self::AddressInUse { address },
            _ => Self::Listen { address, source },
        }
    }
}
