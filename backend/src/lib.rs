//! The AI Dev Team server.

pub mod agents;
pub mod api;
pub mod app;
pub mod assets;
pub mod auth;
pub mod config;
pub mod demo;
pub mod engine;
pub mod founding;
pub mod journal;
pub mod live;
pub mod mcp;
pub mod remote;
pub mod sql;
pub mod transfer;
