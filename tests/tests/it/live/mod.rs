//! WebSocket, SSE and polling: the protocol, its limits, and what clients can do wrong.

mod abuse;
mod cursors;
mod frames;
mod http;
mod ends;
mod pace;
mod script;
mod switching;
mod topics;
