//! The messages of the WebSocket, SSE and polling, and the cursor they share.

mod client;
mod cursor;
mod read;
mod server;

pub use client::ClientMessage;
pub use cursor::{Cursor, Epoch};
pub use server::{
    EventMessage, EventsAnswer, HEARTBEAT_SECONDS, Limits, Mode, PresentMember, Principal,
    PrincipalKind, ResyncReason, Role, RollupValue, ServerMessage, Snapshot, SnapshotAnswer,
    Subscribed,
};
