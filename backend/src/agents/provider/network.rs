//! Which network a provider may be in. Who may set an address is not always who runs the server, and what the server reaches
//! beside itself is nobody else's business.

use std::{
    net::{IpAddr, SocketAddr},
    sync::LazyLock,
    time::Duration,
};

use ipnet::IpNet;
use reqwest::{
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};

use super::BaseUrl;

/// What a provider may take to accept a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// What may be asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reach {
    /// What everybody reaches.
    #[default]
    Public,
    /// This machine and the networks it is in, too.
    Everywhere,
}

/// Networks that not everybody reaches, and what is none (RFC 6890). The last ones have IPv4 addresses in them.
static PRIVATE: LazyLock<Vec<IpNet>> = LazyLock::new(|| {
    [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "::/96",
        "100::/64",
        "2001:db8::/32",
        "fc00::/7",
        "fe80::/9",
        "ff00::/8",
        "64:ff9b::/32",
        "2001::/23",
        "2002::/16",
    ]
    .iter()
    .filter_map(|network| network.parse().ok())
    .collect()
});

impl Reach {
    /// Whether this address may be asked.
    pub fn includes(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self == Reach::Everywhere || !PRIVATE.iter().any(|network| network.contains(&address))
    }

    /// A client for a provider at this address. Where it may not reach everything, it reaches nothing else by way of a
    /// name, of a redirection, or of a proxy either.
    pub fn client(self, address: &BaseUrl) -> Result<reqwest::Client, reqwest::Error> {
        let client = reqwest::Client::builder()
            .user_agent(concat!("devteam/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_WITHIN)
            .redirect(redirect::Policy::none())
            // An answer is small and read at once; one that unfolds would be larger than what was sent.
            .no_gzip();
        let client = match address.is_encrypted() {
            true => client,
            // The system's certificates are read for nothing then, and need not be there.
            false => client.tls_certs_only([]),
        };
        match self {
            Reach::Everywhere => client,
            Reach::Public => client.no_proxy().dns_resolver(PublicNames),
        }
        .build()
    }
}

/// Finds public addresses only. It is asked at each connection, so a name can't change what it stands for after it was
/// looked at.
struct PublicNames;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found
                .filter(|found| Reach::Public.includes(found.ip()))
                .collect();
            if public.is_empty() {
                return Err("its name stands for no public address".into());
            }
            let addresses: Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_of_the_list_is_one() {
        assert_eq!(PRIVATE.len(), 23);
    }

    #[test]
    fn what_only_this_server_reaches_is_not_public_however_it_is_written() {
        for private in [
            "127.0.0.1",
            "127.255.0.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.100.100.200",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::7f00:1",
            "fd00::1",
            "fe80::1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ] {
            let address: IpAddr = private.parse().expect("an address");
            assert!(!Reach::Public.includes(address), "{private}");
            assert!(Reach::Everywhere.includes(address), "{private}");
        }
        for public in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"] {
            let address: IpAddr = public.parse().expect("an address");
            assert!(Reach::Public.includes(address), "{public}");
        }
    }

    #[actix_web::test]
    async fn a_name_of_this_machine_is_not_found() {
        let name: Name = "localhost".parse().expect("a name");
        let refused = PublicNames.resolve(name).await.err().expect("refused");
        assert!(
            refused.to_string().contains("no public address"),
            "{refused}"
        );
    }
}
