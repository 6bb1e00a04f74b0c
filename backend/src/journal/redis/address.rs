use std::{fmt, str::FromStr};

use redis::IntoConnectionInfo;

const ONE: &str = "redis://";
const ONE_OVER_TLS: &str = "rediss://";
const CLUSTER: &str = "redis-cluster://";

/// Where Redis is.
#[derive(Clone, PartialEq, Eq)]
pub enum RedisAddress {
    /// One server, or whichever is the primary now behind this address.
    One(String),
    /// Some servers of a cluster, from which the others are learnt.
    Cluster(Vec<String>),
}

impl RedisAddress {
    /// Whether it is a cluster's.
    pub fn is_cluster(&self) -> bool {
        matches!(self, Self::Cluster(_))
    }
}

impl FromStr for RedisAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(servers) = text.strip_prefix(CLUSTER) {
            let (access, servers) = servers
                .rsplit_once('@')
                .map_or(("", servers), |(access, servers)| {
                    (&text[CLUSTER.len()..=CLUSTER.len() + access.len()], servers)
                });
            let servers = servers
                .split(',')
                .map(|server| check(format!("{ONE}{access}{server}")));
            return servers.collect::<Result<_, _>>().map(Self::Cluster);
        }
        if text.starts_with(ONE) || text.starts_with(ONE_OVER_TLS) {
            return check(text.to_owned()).map(Self::One);
        }
        Err(format!(
            "must begin with {ONE}, {ONE_OVER_TLS} or {CLUSTER}"
        ))
    }
}

fn check(url: String) -> Result<String, String> {
    let shape =
        "give one such as redis://127.0.0.1:6379 or redis-cluster://10.0.0.1:6379,10.0.0.2:6379";
    if url == ONE || url == ONE_OVER_TLS || url.ends_with('@') {
        return Err(format!("names no server: {shape}"));
    }
    // What stands behind one would have certificates not looked at.
    if url.contains('#') {
        return Err(format!("has a # in it, which is written %23: {shape}"));
    }
    match url.as_str().into_connection_info() {
        Ok(_) => Ok(url),
        Err(error) => Err(format!("is no address of Redis ({error}): {shape}")),
    }
}

/// Without the user's name and password, which have no place in logs.
impl fmt::Display for RedisAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = |url: &String| {
            let rest = url.split_once("://").map_or(&**url, |(_, rest)| rest);
            rest.rsplit_once('@')
                .map_or(rest, |(_, host)| host)
                .to_owned()
        };
        match self {
            Self::One(url) if url.starts_with(ONE_OVER_TLS) => {
                write!(f, "{ONE_OVER_TLS}{}", host(url))
            }
            Self::One(url) => write!(f, "{ONE}{}", host(url)),
            Self::Cluster(urls) => {
                let hosts: Vec<String> = urls.iter().map(host).collect();
                write!(f, "{CLUSTER}{}", hosts.join(","))
            }
        }
    }
}

impl fmt::Debug for RedisAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<RedisAddress, String> {
        text.parse()
    }

    #[test]
    fn one_server_and_a_cluster_can_be_named() {
        assert_eq!(
            parse("redis://localhost:7000/1"),
            Ok(RedisAddress::One("redis://localhost:7000/1".into()))
        );
        let both = vec!["redis://u:p@a:1".to_owned(), "redis://u:p@b:2".to_owned()];
        assert_eq!(
            parse("redis-cluster://u:p@a:1,b:2"),
            Ok(RedisAddress::Cluster(both))
        );
    }

    #[test]
    fn what_is_no_address_is_refused_with_an_example() {
        for text in [
            "redis://",
            "redis-cluster://a:1,",
            "redis://host:port",
            "redis://u:p@",
            "rediss://",
            "rediss://a:1/#insecure",
        ] {
            let refusal = parse(text).expect_err(text);
            assert!(refusal.contains("redis://127.0.0.1:6379"), "{refusal}");
        }
        assert!(
            parse("https://a")
                .expect_err("no Redis")
                .contains("must begin with")
        );
    }

    #[test]
    fn a_password_is_not_shown() {
        let address = parse("redis://user:secret@a:1").expect("an address");
        assert_eq!(format!("{address} {address:?}"), "redis://a:1 redis://a:1");
        let address = parse("rediss://user:secret@a:1").expect("an address");
        assert_eq!(address.to_string(), "rediss://a:1");
    }
}
