//! Where a request really comes from.

use std::{net::IpAddr, sync::Arc};

use actix_web::{dev::RequestHead, http::header::HeaderMap};
use ipnet::IpNet;

/// The proxies whose word on the client's address is taken. Nobody else's is.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// Those in these networks.
    pub fn new(networks: impl IntoIterator<Item = IpNet>) -> Self {
        Self(networks.into_iter().collect())
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The client's address: the peer's or, behind trusted proxies, the last one in `X-Forwarded-For` that is none of
/// them. What stands before that anybody can have written.
pub fn client_address(head: &RequestHead, proxies: &TrustedProxies) -> Option<IpAddr> {
    let mut address = head.peer_addr?.ip().to_canonical();
    let said = forwarded(&head.headers);
    let mut hops = said.iter().rev();
    while proxies.trusts(address)
        && let Some(hop) = hops.next()
    {
        match hop {
            Some(hop) => address = *hop,
            None => break,
        }
    }
    Some(address)
}

/// Every hop that is named, the client first; none where what is named is no address.
fn forwarded(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = headers.get_all("x-forwarded-for");
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|hop| {
            hop.trim()
                .parse()
                .ok()
                .map(|hop: IpAddr| hop.to_canonical())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn address(peer: &str, forwarded: &'static str) -> String {
        let proxies = ["10.0.0.0/8", "127.0.0.1/32"].map(|net| net.parse().expect("a network"));
        let request = TestRequest::default()
            .peer_addr(format!("{peer}:1").parse().expect("an address"))
            .insert_header(("x-forwarded-for", forwarded))
            .to_http_request();
        client_address(request.head(), &TrustedProxies::new(proxies))
            .expect("a peer")
            .to_string()
    }

    #[test]
    fn only_what_a_trusted_proxy_says_counts() {
        assert_eq!(address("192.0.2.7", "198.51.100.1"), "192.0.2.7");
        assert_eq!(address("127.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(
            address("127.0.0.1", "203.0.113.9, 198.51.100.1, 10.1.1.1"),
            "198.51.100.1"
        );
        assert_eq!(address("127.0.0.1", "203.0.113.9, nonsense"), "127.0.0.1");
    }
}
