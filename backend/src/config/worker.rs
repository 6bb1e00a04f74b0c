use std::{
    num::{NonZeroU16, NonZeroU32},
    path::PathBuf,
};

use clap::Args;
use shared_types::{topic::MemberRef, value::Name};

use super::{LogFormat, ProviderFlags};
use crate::remote::ServerUrl;

/// How to work for a server elsewhere.
#[derive(Debug, Clone, Args)]
pub struct Worker {
    /// The server to work for: `https://board.example.org`.
    #[arg(long, env = "DEVTEAM_SERVER")]
    pub server: ServerUrl,

    /// File with a token that may write, best one for the projects or the member whose work is done here. A demo on this
    /// machine asks for none.
    #[arg(long, env = "DEVTEAM_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,

    /// Only the runs of this AI member, by id or slug; those of all that the token sees, when not given.
    #[arg(long, env = "DEVTEAM_MEMBER")]
    pub member: Option<MemberRef>,

    /// The provider of AI members who name none: scripted, which asks no model, or one that is set here. Without it their
    /// runs are left to others.
    #[arg(long, env = "DEVTEAM_PROVIDER")]
    pub provider: Option<Name>,

    #[command(flatten)]
    pub providers: ProviderFlags,

    /// Runs that are worked at the same time.
    #[arg(long, env = "DEVTEAM_RUNS_AT_ONCE", default_value = "4")]
    pub runs_at_once: NonZeroU16,

    /// Seconds that a provider may send nothing.
    #[arg(
        long,
        env = "DEVTEAM_STALL_SECONDS",
        default_value = "120",
        hide = true
    )]
    pub stall_seconds: NonZeroU32,

    /// Words that the scripted provider says in a second.
    #[arg(
        long,
        env = "DEVTEAM_SCRIPTED_WORDS_PER_SECOND",
        default_value_t = 5,
        hide = true
    )]
    pub scripted_words_per_second: u32,

    /// How logs are written, to standard error. RUST_LOG chooses what is logged.
    #[arg(long, env = "DEVTEAM_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}
