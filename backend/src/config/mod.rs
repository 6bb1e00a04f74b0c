//! What a person can set: flags, each also as an environment variable.

mod account;
mod address;
mod database_agent;
mod journal;
mod providers;
mod transfer;
mod unechoed;
mod worker;

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf, str::FromStr, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum, builder::BoolishValueParser};

use ipnet::IpNet;

pub use account::{AccountCommand, CreateAccount, ResetPassword, WhereAccounts};
pub use database_agent::{AgentAction, DatabaseAgent};
pub use journal::JournalKind;
pub use providers::ProviderFlags;
pub use transfer::{Export, Import};
pub use worker::Worker;

use shared_types::value::Name;

use crate::{
    agents::{Reach, SCRIPTED, ServersError, Settings, Setup},
    auth::{AllowedOrigin, LimitSettings, Origins, Policy, TrustedProxies},
    sql::DatabaseUrl,
};
use unechoed::Unechoed;

/// AI Dev Team: a work board that people and AI members share, live.
#[derive(Debug, Parser)]
#[command(name = "devteam", version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// What the program is to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the server: the board, its API and its live line.
    Serve(Box<Serve>),
    /// Accounts of people. A server with a data directory must be stopped for it.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Keep a copy of an organization in a relational database, following a server.
    DatabaseAgent(DatabaseAgent),
    /// Work the runs of AI members of a server elsewhere, with models that are asked from here.
    Worker(Box<Worker>),
    /// Write everything in a data directory to a file, whether a server runs on it or not.
    Export(Export),
    /// Make a data directory of what was exported.
    Import(Import),
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "DEVTEAM_LISTEN", default_value = "127.0.0.1:8080", value_parser = address::parse)]
    pub listen: SocketAddr,

    /// Directory for everything that is kept; made if missing.
    #[arg(long, env = "DEVTEAM_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,

    /// Fill an empty data directory with a demo organization.
    #[arg(long, env = "DEVTEAM_DEMO", value_parser = BoolishValueParser::new())]
    pub demo: bool,

    /// Whether the demo's AI members work.
    #[arg(
        long,
        env = "DEVTEAM_DEMO_AGENTS",
        default_value = "on",
        value_name = "ON|OFF"
    )]
    pub demo_agents: Switch,

    /// The provider of AI members who name none: scripted, which asks no model, or the name of one that has a key. The
    /// demo's is scripted.
    #[arg(long, env = "DEVTEAM_PROVIDER")]
    pub provider: Option<Name>,

    #[command(flatten)]
    pub providers: ProviderFlags,

    /// Let the admins of organizations name providers in this machine's own networks, and without encryption. With it
    /// they can have the server ask whatever it reaches.
    #[arg(long, env = "DEVTEAM_ALLOW_PRIVATE_PROVIDERS", value_parser = BoolishValueParser::new())]
    pub allow_private_providers: bool,

    /// A file with the key that the keys of organizations' providers are sealed with: 32 random bytes, which this user alone
    /// may read. Nodes that share a Redis need the same one. Without it, each organization has one of its own in its directory.
    #[arg(long, env = "DEVTEAM_SEALING_KEY_FILE")]
    pub sealing_key_file: Option<PathBuf>,

    /// Words that the scripted provider says in a second.
    #[arg(
        long,
        env = "DEVTEAM_SCRIPTED_WORDS_PER_SECOND",
        default_value_t = 5,
        hide = true
    )]
    pub scripted_words_per_second: u32,

    /// Seconds that a provider may send nothing.
    #[arg(
        long,
        env = "DEVTEAM_STALL_SECONDS",
        default_value = "120",
        hide = true
    )]
    pub stall_seconds: NonZeroU32,

    /// Logs that are kept of runs that are over; 2000 when not given, 200 in the demo.
    #[arg(long, env = "DEVTEAM_LOGS_KEPT", hide = true)]
    pub logs_kept: Option<usize>,

    /// Minutes after which an organization that nobody uses is dropped from memory, to come back on demand: all but the
    /// first one, and none while there is a --database-url to copy to.
    #[arg(long, env = "DEVTEAM_CLOSE_UNUSED_MINUTES", default_value = "30", value_parser = minutes)]
    pub close_unused_minutes: Duration,

    /// Where events are kept: sqlite, in the data directory; or in Redis, for any number of nodes:
    /// `redis://<host>:<port>` or `redis-cluster://<host>:<port>,<host>:<port>`.
    #[arg(long, env = "DEVTEAM_JOURNAL", hide_env_values = true, default_value = "sqlite", value_parser = Unechoed(journal::parse))]
    pub journal: JournalKind,

    /// Keep a copy of everything in a relational database: `sqlite://<file>`, made if missing, or
    /// `postgres://<user>:<password>@<host>/<database>`.
    #[arg(long, env = "DEVTEAM_DATABASE_URL", hide_env_values = true, value_parser = Unechoed(DatabaseUrl::from_str))]
    pub database_url: Option<DatabaseUrl>,

    /// Directory of the built browser app; ./dist if there is one, else what the program was built with.
    #[arg(long, env = "DEVTEAM_ASSETS_DIR")]
    pub assets_dir: Option<PathBuf>,

    /// Begin another life of the journal, so that no client resumes from before. Needed after the data directory was
    /// restored from a backup or copied.
    #[arg(long, env = "DEVTEAM_NEW_EPOCH", value_parser = BoolishValueParser::new())]
    pub new_epoch: bool,

    /// Other sites whose pages may use the API with a token, parted by commas: `https://dashboard.example.org`.
    #[arg(long, env = "DEVTEAM_ALLOW_ORIGINS", value_delimiter = ',')]
    pub allow_origins: Vec<AllowedOrigin>,

    /// Proxies whose X-Forwarded-For is believed, addresses or networks parted by commas: 10.0.0.1,10.1.0.0/16.
    #[arg(long, env = "DEVTEAM_TRUSTED_PROXIES", value_delimiter = ',', value_parser = address::network)]
    pub trusted_proxies: Vec<IpNet>,

    /// Writes that one account or token may make in a second; twice as many at once.
    #[arg(long, env = "DEVTEAM_WRITES_PER_SECOND", default_value = "1000")]
    pub writes_per_second: NonZeroU32,

    /// WebSockets, event streams and waiting polls that one address may have.
    #[arg(long, env = "DEVTEAM_CONNECTIONS_PER_ADDRESS", default_value_t = 5000)]
    pub connections_per_address: u32,

    /// The same of one account or token.
    #[arg(
        long,
        env = "DEVTEAM_CONNECTIONS_PER_PRINCIPAL",
        default_value_t = 5000
    )]
    pub connections_per_principal: u32,

    /// How logs are written, to standard error. RUST_LOG chooses what is logged.
    #[arg(long, env = "DEVTEAM_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// Threads that answer requests; as many as there are processors, and at least 2, when not given.
    #[arg(long, env = "DEVTEAM_WORKERS", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: Option<u16>,

    /// Seconds that requests under way may take when the server is told to stop.
    #[arg(long, env = "DEVTEAM_DRAIN_SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u8).range(0..=60))]
    pub drain_seconds: u8,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Serve {
    /// Threads that answer requests.
    pub fn worker_threads(&self) -> usize {
        let processors = || {
            std::thread::available_parallelism()
                .map_or(2, usize::from)
                .max(2)
        };
        self.workers.map_or_else(processors, usize::from)
    }

    /// How people are let in. Without signing in only to the demo, and only by this machine.
    pub fn policy(&self) -> Policy {
        Policy {
            local: self.demo && self.listen.ip().to_canonical().is_loopback(),
            origins: Origins::new(self.allow_origins.iter().cloned()),
            proxies: TrustedProxies::new(self.trusted_proxies.iter().copied()),
            limits: LimitSettings {
                writes_per_second: self.writes_per_second,
                connections_per_address: self.connections_per_address,
                connections_per_principal: self.connections_per_principal,
            },
        }
    }

    /// After how long an organization that nobody uses is closed; none where all are copied to a database.
    pub fn close_unused(&self) -> Option<Duration> {
        let is_copied = self.database_url.is_some();
        (!is_copied).then_some(self.close_unused_minutes)
    }

    /// Whether the server works runs itself: the demo can be told to hold still.
    pub fn has_worker(&self) -> bool {
        !self.demo || self.demo_agents == Switch::On
    }

    /// How AI members work.
    pub fn agents(&self) -> Result<Setup, ServersError> {
        let scripted = || self.demo.then(|| SCRIPTED.parse().ok()).flatten();
        Ok(Setup {
            settings: Settings {
                stall: Duration::from_secs(self.stall_seconds.get().into()),
                logs_kept: self
                    .logs_kept
                    .unwrap_or(if self.demo { 200 } else { 2_000 }),
            },
            usual: self.provider.clone().or_else(scripted),
            words_per_second: self.scripted_words_per_second,
            providers: self.providers.read()?,
            reach: match self.allow_private_providers {
                true => Reach::Everywhere,
                false => Reach::Public,
            },
            sealing_key: self.sealing_key_file.clone(),
        })
    }

    /// How long requests under way may take when the server is told to stop.
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds.into())
    }

    /// The directory to take the browser app from; none for the one that is built in.
    pub fn assets(&self) -> Option<PathBuf> {
        let beside =
            || Some(PathBuf::from("dist")).filter(|dist| dist.join("index.html").is_file());
        self.assets_dir.clone().or_else(beside)
    }
}

/// Minutes, in tenths if need be.
fn minutes(text: &str) -> Result<Duration, String> {
    let minutes: Option<f64> = text.parse().ok();
    let minutes = minutes.filter(|minutes| (0.01..=525_600.0).contains(minutes));
    let seconds = minutes.ok_or("must be a number of minutes, from 0.01 to 525600")?;
    Ok(Duration::from_secs_f64(seconds * 60.0))
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;

    fn parse(line: &str) -> Result<Serve, clap::Error> {
        match Cli::try_parse_from(line.split(' '))?.command {
            Command::Serve(serve) => Ok(*serve),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_flags_are_well_formed_and_have_defaults() {
        Cli::command().debug_assert();
        let serve = parse("devteam serve").expect("no flag is required");
        assert_eq!(serve.listen, SocketAddr::from(([127, 0, 0, 1], 8080)));
        assert!(!serve.demo);
        assert!(serve.worker_threads() >= 2);
    }

    #[test]
    fn a_name_with_a_port_is_an_address() {
        assert_eq!(
            parse("devteam serve --listen localhost:0")
                .expect("an address")
                .listen
                .port(),
            0
        );
        assert_eq!(
            parse("devteam serve --listen nonsense")
                .expect_err("no port")
                .kind(),
            ErrorKind::ValueValidation
        );
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        let serve = parse("devteam serve --trusted-proxies 10.0.0.1,fd00::/8").expect("both");
        let written: Vec<String> = serve.trusted_proxies.iter().map(IpNet::to_string).collect();
        assert_eq!(written, ["10.0.0.1/32", "fd00::/8"]);
        let refused = parse("devteam serve --trusted-proxies proxy.local").expect_err("a name");
        assert!(refused.to_string().contains("10.0.0.0/8"), "{refused}");
    }

    #[test]
    fn what_is_of_no_use_is_refused_in_words() {
        let refusal = |line: &str| parse(line).expect_err("refused").to_string();
        assert!(refusal("devteam serve --journal redis://").contains("names no server"));
        assert!(refusal("devteam serve --journal nonsense").contains("must be sqlite"));
        assert!(refusal("devteam serve --database-url mysql://localhost").contains("postgres://"));
    }
}
