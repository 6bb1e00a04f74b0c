//! The client's half of the live protocol, without I/O, clock or randomness: the browser app, the Rust client and the
//! tests drive the same one over their own sockets.
//!
//! A driver does three things. It tells the [`SyncClient`] what happens on its line (opened, received, closed), it
//! carries out the [`Action`]s that come back, in order, and it asks a [`TransportChoice`] which transport to try next.
//!
//! ```text
//! WebSocket: open; client.opened(WebSocket); each text frame: client.received(text); at the end: client.closed(why, random)
//! SSE:       client.opened(Sse); GET /sse?{client.query()}; each message: client.received(data), then client.position(id)
//! polling:   client.opened(Polling); again and again GET /events?{client.query()}&wait=25: client.polled(body)
//! ```
//!
//! On SSE and polling, [`Action::Reopen`] asks for the request to be made again with the [`SyncClient::query`] of now.

mod action;
mod backoff;
mod choice;
mod client;
mod follow;
mod health;
mod incoming;
mod message;
mod pace;
mod query;
#[cfg(test)]
mod tests;

use crate::wire::ServerMessage;

pub use action::{Action, Closed, Reconnect, Transport};
pub use backoff::Backoff;
pub use choice::{Preference, TransportChoice};
pub use client::SyncClient;
pub use health::Health;
pub use pace::Pace;

/// Reads a message of the server as leniently as the client does, for whoever it is passed on to. None: there is nothing in
/// it that could be understood.
pub fn read(message: &str) -> Option<ServerMessage> {
    match incoming::read(message) {
        Ok(incoming::Incoming::Message(message)) => Some(message),
        _ => None,
    }
}
