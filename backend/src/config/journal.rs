use crate::journal::RedisAddress;

/// Where events are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalKind {
    /// In an SQLite database in the data directory.
    Sqlite,
    /// In Redis, for any number of nodes.
    Redis(RedisAddress),
}

/// A kind of journal as a person names it.
pub(super) fn parse(text: &str) -> Result<JournalKind, String> {
    match text {
        "sqlite" => Ok(JournalKind::Sqlite),
        _ if text.starts_with("redis") => text.parse().map(JournalKind::Redis),
        _ => Err(
            "must be sqlite, redis://<host>:<port> or redis-cluster://<host>:<port>,<host>:<port>"
                .into(),
        ),
    }
}

/// A Redis as a person names it.
pub(super) fn parse_redis(text: &str) -> Result<RedisAddress, String> {
    match parse(text)? {
        JournalKind::Redis(address) => Ok(address),
        JournalKind::Sqlite => {
            Err("must be Redis: of a server with a data directory, name the --server".into())
        }
    }
}
