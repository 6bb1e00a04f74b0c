//! Who may use this server: accounts, sessions and tokens, and what each of them may do.
//!
//! Every request, WebSocket and stream gets its [`Principal`] from [`Auth::authenticate`], and what that may do from
//! the one table in [`roles`]. What it knows of accounts is the directory, a model like the organization's, on an engine
//! of its own.

mod address;
mod attempts;
mod cookie;
mod directory_watch;
mod last_use;
mod limits;
mod local;
mod membership;
mod openings;
mod organizations;
mod origin;
mod password;
mod principal;
pub mod roles;
mod secret;
mod sign_in;
mod sign_up;

use std::sync::{Arc, Mutex};

use shared_types::{
    Directory, ErrorCode,
    directory::{DirectoryCommand, DirectorySubject},
    event::{Actor, ActorKind},
    state::Sight,
    value::{OrganizationId, Timestamp},
};

pub use address::{TrustedProxies, client_address};
pub use attempts::Attempts;
pub use cookie::{clear_cookie, session_cookie};
pub use directory_watch::DirectoryWatch;
pub use last_use::LastUse;
pub use limits::{Held, LimitSettings, Limits};
pub use organizations::{Closed, Host, Hosted, Organizations};
pub use origin::{AllowedOrigin, Origin, Origins};
pub use password::Passwords;
pub use principal::{Credential, Principal};
pub use roles::Action;
pub use secret::{Secret, proof_of};
pub use sign_in::{Started, no_randomness};

use crate::{
    api::{ApiError, State},
    engine::{Answer, Engine, Failure, Request},
    journal::Journal,
};

/// How the server lets people in.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Whoever comes from this machine is the owner, without signing in.
    pub local: bool,
    /// Other sites whose pages may talk to the API, with a token.
    pub origins: Origins,
    /// The proxies that say truly for whom they ask.
    pub proxies: TrustedProxies,
    /// How much anybody may ask for.
    pub limits: LimitSettings,
}

/// All that the server knows of who may use it. One for the process, in the application's data.
pub struct Auth {
    /// Accounts, sessions, invitations, tokens.
    pub directory: Engine<Directory>,
    /// Its line of events, for the audit.
    pub journal: Arc<dyn Journal>,
    pub policy: Policy,
    pub passwords: Passwords,
    pub attempts: Attempts,
    pub last_use: LastUse,
    pub limits: Limits,
    /// The first of them is the one whose owner a visitor from this machine is, and who sets the server up.
    pub organizations: Organizations,
    /// One at a time of what members and accounts have to agree about: they are kept by two engines.
    turn: tokio::sync::Mutex<()>,
}

/// For a command to the directory.
#[derive(Debug, Clone)]
pub struct Asking {
    pub actor: Actor,
    pub cause: String,
    pub from: Option<std::net::IpAddr>,
}

impl Asking {
    /// The server itself asks.
    pub fn system(name: &str) -> Self {
        Self {
            actor: Actor {
                kind: ActorKind::System,
                id: name.into(),
                run: None,
            },
            cause: name.to_owned(),
            from: None,
        }
    }
}

impl Auth {
    /// What is known of those who use these organizations.
    pub fn new(
        directory: Engine<Directory>,
        journal: Arc<dyn Journal>,
        organizations: Organizations,
        policy: Policy,
    ) -> Self {
        Self {
            directory,
            journal,
            limits: Limits::new(policy.limits),
            policy,
            passwords: Passwords::default(),
            attempts: Attempts::default(),
            last_use: LastUse::default(),
            organizations,
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// The organization that was there first.
    pub fn home(&self) -> &Arc<State> {
        self.organizations.home()
    }

    /// An organization that somebody is about to use, opened if it is not open.
    pub async fn open(&self, id: OrganizationId) -> Result<Arc<State>, ApiError> {
        // Why it can't be is in the log, and nothing for whoever asks.
        self.organizations.open(id).await.map_err(|_| {
            let detail =
                "The organization can't be read at the moment: try again in a little while.";
            ApiError::new(ErrorCode::Unavailable, detail)
        })
    }

    /// Held while somebody gets an account, or one goes.
    pub async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Asks the directory for a change.
    pub async fn execute(
        &self,
        command: DirectoryCommand,
        asking: Asking,
    ) -> Result<Answer<Directory>, Failure> {
        execute(&self.directory, command, asking).await
    }
}

/// Asks a directory for a change.
pub async fn execute(
    directory: &Engine<Directory>,
    command: DirectoryCommand,
    asking: Asking,
) -> Result<Answer<Directory>, Failure> {
    directory
        .execute(Request {
            command,
            actor: asking.actor,
            member: None,
            cause: asking.cause,
            sight: Sight::Organization,
            from: asking.from,
            idempotency: None,
        })
        .await
}

/// The directory shows nothing of what a command was about: who asked reads it there.
pub fn render(_: &Directory, _: DirectorySubject) -> serde_json::Value {
    serde_json::Value::Null
}

/// Now, as sessions and tokens count it.
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// What is kept under a lock here is whole after every step.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
