//! WebSocket, SSE and polling: the protocol, its limits, and what clients can do wrong.

mod abuse;
mod cursors;
mod ends;
mod frames;
mod http;
mod pace;
mod script;
mod switching;
mod topics;
