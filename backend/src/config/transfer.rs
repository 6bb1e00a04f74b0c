use std::path::PathBuf;

use clap::Args;

use super::{JournalKind, journal, unechoed::Unechoed};

/// What to write to a file.
#[derive(Debug, Clone, Args)]
pub struct Export {
    /// The data directory of a server, which may run meanwhile.
    #[arg(long, env = "DEVTEAM_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,

    /// Where events are kept: sqlite, in the data directory, or the address of the Redis that servers share.
    #[arg(long, env = "DEVTEAM_JOURNAL", hide_env_values = true, default_value = "sqlite", value_parser = Unechoed(journal::parse))]
    pub journal: JournalKind,

    /// The file to make; - is standard output.
    #[arg(long, default_value = "-")]
    pub output: PathBuf,

    /// Accounts too, with the hashes of their passwords and tokens: the file is then worth guarding.
    #[arg(long)]
    pub accounts: bool,
}

/// What to read from a file.
#[derive(Debug, Clone, Args)]
pub struct Import {
    /// What `devteam export` has written; - is standard input.
    pub input: PathBuf,

    /// The data directory to make. It must not be there, or be empty.
    #[arg(long, env = "DEVTEAM_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,

    /// Where events are to be: sqlite, in the data directory, or the address of a Redis in which no server keeps anything
    /// yet.
    #[arg(long, env = "DEVTEAM_JOURNAL", hide_env_values = true, default_value = "sqlite", value_parser = Unechoed(journal::parse))]
    pub journal: JournalKind,
}
