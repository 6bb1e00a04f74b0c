//! `/mcp`: the board for programs that speak the Model Context Protocol, over streamable HTTP and without sessions.
//!
//! A tool is a route of the REST API under a name that a model understands. It is called within this process with the
//! headers of whoever calls the tool, so that every rule, role, limit and refusal is that of the route, and nothing is
//! decided here.

mod arguments;
mod context;
mod endpoint;
mod resources;
mod rest;
mod schema;
mod server;
#[cfg(test)]
mod tests;
mod tools;

pub use endpoint::configure;
pub use rest::Rest;
