//! WebSocket, SSE and polling: the protocol, its limits, and what clients can do wrong.

mod abuse;
mod cursors;
mod ends;
mod frames;
mod http;
mod origins;
mod pace;
mod presence;
mod script;
mod switching;
mod topics;
mod window;
