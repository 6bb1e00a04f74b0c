//! The HTTP client that all of the tests ask with.

use reqwest::ClientBuilder;

/// A client for this machine: no proxy, and no certificates, which would be read anew for each.
pub fn client() -> ClientBuilder {
    // The server's own client brings TLS into every build; it wants to be told whose cryptography even where none is
    // used. An error means that it was told before.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().no_proxy().tls_certs_only([])
}
