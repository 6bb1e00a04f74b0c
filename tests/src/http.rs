//! The HTTP client that all of the tests ask with.

use std::time::Duration;

use reqwest::ClientBuilder;

/// A server that stops closes what is idle. A request that is sent in that very moment is lost, and a POST is not sent
/// again by itself; on a machine with much to do that moment is long.
const IDLE: Duration = Duration::from_secs(1);

/// A client for this machine: no proxy, and no certificates, which would be read anew for each.
pub fn client() -> ClientBuilder {
    // The server's own client brings TLS into every build; it wants to be told whose cryptography even where none is
    // used. An error means that it was told before.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .pool_idle_timeout(IDLE)
}
