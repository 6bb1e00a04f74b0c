//! What the integration tests are made of: servers as real processes, an HTTP client, live clients over every
//! transport, a network that can be broken, and a browser.

pub mod api;
pub mod browser;
pub mod live;
pub mod place;
pub mod proxy;
pub mod raw;
pub mod seeded;
pub mod server;
pub mod socket;
pub mod wait;

pub use api::{Answer, Api};
pub use browser::Browser;
pub use live::LiveClient;
pub use proxy::Proxy;
pub use seeded::Seeded;
pub use server::{Options, Server};
pub use socket::Socket;
