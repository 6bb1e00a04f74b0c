//! Real servers, real sockets: what the product promises, tried from outside.
#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps says by it what it takes for granted"
)]

mod access;
mod agents;
mod assets;
mod browser;
mod chaos;
mod demo;
mod deployment;
mod documents;
mod durability;
mod harness;
mod live;
mod mcp;
mod nodes;
mod rest;
mod sql;
mod transfer;
