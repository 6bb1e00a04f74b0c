//! AI members at work: the worker of an organization claims the runs that are queued, and each is worked by a task of its
//! own, with a language model and a handful of tools.
//!
//! What may be done and when is decided by the rules (`shared-types`, `decide/run`); here is who does it. The
//! [`lease`]s say which worker is still there, the [`observer`] finds those who are gone, the [`log`] tells what is said on
//! the way.

mod act;
pub mod desk;
mod elsewhere;
mod job;
pub mod lease;
pub mod llm;
pub mod log;
pub mod observer;
mod office;
mod provider;
mod redis;
#[cfg(test)]
mod tests;
mod tools;
mod worker;

pub use elsewhere::{ElsewhereError, work_elsewhere};
pub use llm::Call;
pub use office::{Office, OfficeError, Settings, Setup};
pub use provider::{
    ApiKey, BaseUrl, BookError, KeyState, Owner, Price, Prices, Provider, ProviderChange,
    ProviderKind, ProviderSettings, Providers, Reach, SCRIPTED, ServerProvider, ServersError,
    Trial, VaultError, read_file,
};
pub use redis::{RedisLogs, SharedLine};
pub use worker::work;
