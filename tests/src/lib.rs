//! What the integration tests are made of: servers, Redis and nginx as real processes, an HTTP client, live clients over every
//! transport, a network that can be broken, and a browser.

pub mod api;
pub mod browser;
pub mod database;
pub mod http;
pub mod live;
pub mod mcp;
pub mod model_server;
pub mod nginx;
pub mod nodes;
pub mod place;
pub mod port;
pub mod postgres;
pub mod proxy;
pub mod raw;
pub mod redis;
pub mod redis_cluster;
pub mod seeded;
pub mod server;
pub mod socket;
pub mod wait;
pub mod worker;
pub mod writers;

pub use api::{Answer, Api};
pub use browser::Browser;
pub use database::Database;
pub use live::LiveClient;
pub use mcp::Mcp;
pub use model_server::ModelServer;
pub use nginx::Nginx;
pub use nodes::Nodes;
pub use proxy::Proxy;
pub use redis::Redis;
pub use redis_cluster::RedisCluster;
pub use seeded::Seeded;
pub use server::{Options, Server};
pub use socket::Socket;
pub use worker::Worker;
pub use writers::Writers;
