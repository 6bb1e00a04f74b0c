use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use ipnet::IpNet;

/// An address to listen on: an IP address or a name of this machine, with a port.
pub(super) fn parse(text: &str) -> Result<SocketAddr, String> {
    let mut found = text.to_socket_addrs().map_err(|error| {
        format!("{error}: give an address of this machine and a port, such as 127.0.0.1:8080 or [::]:8080")
    })?;
    found
        .next()
        .ok_or_else(|| "has no address: give one of this machine, such as 127.0.0.1:8080".into())
}

/// A network, or one address.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let one = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse::<IpNet>().or_else(|_| one()).map_err(|_| {
        "is neither an address nor a network: write it as 10.0.0.1 or 10.0.0.0/8".to_owned()
    })
}
