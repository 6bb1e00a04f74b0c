//! The newcomer's way in: on one machine, with the demo, without an account.

use std::net::Ipv4Addr;

use actix_web::{
    dev::RequestHead,
    http::header::{self, HeaderMap},
};

use super::{Origin, Origins};

/// A proxy adds one of these. Whoever comes through one may be anybody.
const PROXIES: [&str; 3] = ["forwarded", "x-real-ip", "via"];
const PROXY_PREFIX: &str = "x-forwarded-";

/// Whether a request comes from this machine and from nowhere else: straight from it, by a name that only this machine
/// can have (a page of another site can give its own name this address), and not from another site's page.
pub fn is_local(head: &RequestHead, origins: &Origins) -> bool {
    let is_here = head
        .peer_addr
        .is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    is_here
        && is_host_local(&head.headers)
        && !is_proxied(&head.headers)
        && matches!(origins.of(&head.headers), Origin::Own | Origin::Unsaid)
}

fn is_proxied(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        PROXIES.contains(&name) || name.starts_with(PROXY_PREFIX)
    })
}

fn is_host_local(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST);
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let host = host.to_str().unwrap_or_default();
    if let Some(rest) = host.strip_prefix('[') {
        return rest
            .split_once(']')
            .is_some_and(|(address, port)| address == "::1" && is_port(port));
    }
    let (name, port) = host.find(':').map_or((host, ""), |at| host.split_at(at));
    let is_name = name.eq_ignore_ascii_case("localhost")
        || name
            .parse()
            .is_ok_and(|address: Ipv4Addr| address.is_loopback());
    is_name && is_port(port)
}

fn is_port(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix(':')
            .is_some_and(|port| port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn here() -> TestRequest {
        TestRequest::default().peer_addr(([127, 0, 0, 1], 1).into())
    }

    fn is_local_with(headers: &[(&'static str, &'static str)]) -> bool {
        let request = headers
            .iter()
            .fold(here(), |request, header| request.insert_header(*header));
        is_local(request.to_http_request().head(), &Origins::default())
    }

    #[test]
    fn only_this_machines_own_names_lead_to_it() {
        for host in [
            "localhost",
            "LOCALHOST:8080",
            "127.0.0.1:8080",
            "127.8.0.1",
            "[::1]:8080",
            "[::1]",
        ] {
            assert!(is_local_with(&[("host", host)]), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:8080",
            "192.0.2.7",
            "[2001:db8::1]",
            "localhost:evil",
            "127.0.0.1@evil.example",
            "",
        ] {
            assert!(!is_local_with(&[("host", host)]), "{host}");
        }
        assert!(!is_local_with(&[]), "no host at all");
        let from_nowhere = TestRequest::default().insert_header(("host", "localhost"));
        let from_nowhere = from_nowhere.to_http_request();
        assert!(!is_local(from_nowhere.head(), &Origins::default()));
    }

    #[test]
    fn whoever_comes_through_a_proxy_or_from_another_page_is_not_local() {
        let host = ("host", "localhost:8080");
        for more in [
            ("forwarded", "for=192.0.2.7"),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-anything", ""),
            ("x-real-ip", "127.0.0.1"),
            ("via", "1.1 proxy"),
            ("origin", "http://evil.example"),
            ("origin", "null"),
            ("origin", "http://localhost:3000"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            assert!(!is_local_with(&[host, more]), "{more:?}");
        }
        assert!(is_local_with(&[host, ("origin", "http://localhost:8080")]));
        assert!(is_local_with(&[host, ("sec-fetch-site", "same-origin")]));
    }
}
