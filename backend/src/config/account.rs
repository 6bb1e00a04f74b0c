use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{
    journal::{self, JournalKind},
    unechoed::Unechoed,
};
use shared_types::{
    value::{Email, Name, Slug},
    wire,
};

/// What the operator can do about accounts. A server with a data directory must be stopped: that is one process's. Nodes
/// on Redis go on.
#[derive(Debug, Clone, Subcommand)]
pub enum AccountCommand {
    /// Make an account. The password is read from standard input, one line; with nothing there, one is made and shown.
    Create(CreateAccount),
    /// Give an account another password, and end its sessions. The password is read as for `create`.
    ResetPassword(ResetPassword),
    /// Show all accounts, one a line.
    List(WhereAccounts),
}

/// Where the accounts are.
#[derive(Debug, Clone, Args)]
pub struct WhereAccounts {
    /// Directory for everything that is kept; made if missing.
    #[arg(long, env = "DEVTEAM_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,

    /// Where events are kept: sqlite, in the data directory, or the address of Redis.
    #[arg(long, env = "DEVTEAM_JOURNAL", hide_env_values = true, default_value = "sqlite", value_parser = Unechoed(journal::parse))]
    pub journal: JournalKind,
}

/// An account to make.
#[derive(Debug, Clone, Args)]
pub struct CreateAccount {
    #[command(flatten)]
    pub place: WhereAccounts,

    /// The address to sign in with.
    #[arg(long)]
    pub email: Email,

    /// What the account may do.
    #[arg(long, default_value = "owner")]
    pub role: Role,

    /// What the person is called; what stands before the @ when not given.
    #[arg(long)]
    pub name: Option<Name>,

    /// The organization, by slug; the first one when not given. One that is not there is made.
    #[arg(long)]
    pub organization: Option<Slug>,
}

/// A password to change.
#[derive(Debug, Clone, Args)]
pub struct ResetPassword {
    #[command(flatten)]
    pub place: WhereAccounts,

    /// The account's address.
    #[arg(long)]
    pub email: Email,
}

/// A role as a person names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    Owner,
    Admin,
    Member,
    Viewer,
}

impl From<Role> for wire::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Admin => Self::Admin,
            Role::Member => Self::Member,
            Role::Viewer => Self::Viewer,
        }
    }
}
