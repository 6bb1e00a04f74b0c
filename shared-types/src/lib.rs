//! The language both sides of AI Dev Team speak.
//!
//! Everything here is a pure function or a plain value: no I/O, no clock, no randomness. The server, the browser app,
//! other clients and the tests run the same code.
//!
//! - [`value`]: newtypes that parse (names, slugs, keys, ranks, times);
//! - [`model`]: the entities as they go on the wire;
//! - [`command`]: what can be asked for; [`event`]: what has happened; [`topic`]: where it is told;
//! - [`state`]: the aggregate, changed only by [`state::Organization::apply`];
//! - [`mod@decide`]: every rule of the domain;
//! - [`access`]: who may do what;
//! - [`directory`]: the second aggregate: accounts, sessions, invitations, tokens;
//! - [`mod@view`]: what one topic shows, and how it follows events;
//! - [`wire`]: the messages of the WebSocket, SSE and polling; [`sync`]: the client's half of the protocol, without I/O;
//! - [`error`]: one table of error codes for every transport.

pub mod access;
pub mod command;
pub mod decide;
pub mod directory;
pub mod error;
pub mod event;
mod json;
pub mod model;
pub mod state;
pub mod sync;
pub mod topic;
pub mod value;
pub mod view;
pub mod wire;

pub use decide::{Context, Decision, decide};
pub use directory::Directory;
pub use error::{ErrorCode, Rejection};
pub use event::{Actor, Event, EventBody};

pub use state::Organization;
pub use topic::Topic;
pub use view::{View, view};
