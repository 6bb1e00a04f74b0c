//! The database agent: a copy of everything in relational tables, for whoever wants to ask in SQL.
//!
//! It follows the topic `all` as any program could, over a server's WebSocket or from a journal ([`source`]), makes rows of
//! the events (`projection`) and writes each stretch of them in one transaction together with its position. So it may end
//! at any moment and goes on where it was, and the copy may be dropped and made again.

mod agent;
mod anew;
mod away;
mod command;
mod copy;
mod database;
mod error;
mod lock;
mod migration;
mod nodes;
mod progress;
mod projection;
pub mod source;
pub mod tables;
#[cfg(test)]
mod tests;
mod verify;

pub use agent::Agent;
pub use anew::Anew;
pub use command::{run, watch};
pub use database::{Database, DatabaseUrl};
pub use error::SqlError;
pub use verify::{Difference, verify};
