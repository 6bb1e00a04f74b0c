//! The clients: as cheap as they can be made, because they share the machine with what they measure.
//!
//! A general WebSocket library spends more on a small message than a good server does, so frames are scanned by hand
//! in large reads; nothing is allocated or copied per message.

pub mod connection;
pub mod dialect;
pub mod frames;
pub mod http;
pub mod nats;
pub mod subscribers;
pub mod tally;
