use std::{path::PathBuf, str::FromStr};

use clap::{Args, ValueEnum};

use super::{LogFormat, journal, unechoed::Unechoed};
use crate::{journal::RedisAddress, remote::ServerUrl, sql::DatabaseUrl};

/// How to keep a copy in a database.
#[derive(Debug, Clone, Args)]
pub struct DatabaseAgent {
    /// What to do.
    #[arg(value_enum, default_value = "follow")]
    pub action: AgentAction,

    /// The server to follow, as any program with a token can: `https://board.example.org`.
    #[arg(
        long,
        env = "DEVTEAM_SERVER",
        requires = "token_file",
        required_unless_present = "journal",
        conflicts_with = "journal"
    )]
    pub server: Option<ServerUrl>,

    /// The Redis that servers share, to follow all organizations in it: `redis://<host>:<port>` or
    /// `redis-cluster://<host>:<port>,<host>:<port>`.
    #[arg(long, env = "DEVTEAM_JOURNAL", hide_env_values = true, value_parser = Unechoed(journal::parse_redis))]
    pub journal: Option<RedisAddress>,

    /// File with a token for the whole organization; `read` is enough.
    #[arg(long, env = "DEVTEAM_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,

    /// The database: `sqlite://<file>`, made if missing, or `postgres://<user>:<password>@<host>/<database>`.
    #[arg(long, env = "DEVTEAM_DATABASE_URL", hide_env_values = true, value_parser = Unechoed(DatabaseUrl::from_str))]
    pub database_url: DatabaseUrl,

    /// Make the copy anew from the oldest event there is, then follow.
    #[arg(long)]
    pub rebuild: bool,

    /// How logs are written, to standard error. RUST_LOG chooses what is logged.
    #[arg(long, env = "DEVTEAM_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

/// What the database agent is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AgentAction {
    /// Follow every event, without end.
    Follow,
    /// Compare the copy with the model and name what differs; exit status 1 if anything does.
    Verify,
}
