//! What the process needs of the operating system besides files and sockets.

use std::io;

use nix::sys::{
    resource::{Resource, getrlimit, setrlimit},
    signal::Signal,
    stat::{Mode, umask},
};
use tokio::signal::unix::{SignalKind, signal};

/// Makes room for connections, and lets writes fail instead of ending the process. To be called in a runtime.
pub fn prepare() -> io::Result<()> {
    allow_files();
    // The system sends it to whoever writes past a limit of file sizes. Taken in, such a write fails like one to a full
    // disk, and the server goes on reading. The registration outlives this receiver.
    drop(signal(SignalKind::from_raw(Signal::SIGXFSZ as i32))?);
    Ok(())
}

/// What is written from here on is for this user alone: proofs of passwords and sessions are among it.
pub fn keep_files_private() {
    umask(Mode::S_IRWXG | Mode::S_IRWXO);
}

/// Chooses who does the cryptography of connections to others, for every client in the program.
pub fn choose_cryptography() {
    // An error means that it was chosen before.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// Every connection is an open file, and many systems allow 1,024 where they would allow far more to whoever asks.
fn allow_files() {
    let raised = getrlimit(Resource::RLIMIT_NOFILE)
        .and_then(|(_, most)| setrlimit(Resource::RLIMIT_NOFILE, most, most));
    if let Err(error) = raised {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
}
