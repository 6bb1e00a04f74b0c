//! A server that speaks as the providers of language models do, says what it is told to, and misbehaves on request.

mod http;
mod protocol;
mod turn;

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

pub use protocol::Protocol;
pub use turn::{Fault, Said};

/// The server. It ends when it is dropped.
#[derive(Debug)]
pub struct ModelServer {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    task: JoinHandle<()>,
}

/// What the server has been told, and what it has heard.
#[derive(Debug, Default)]
struct Shared {
    next: VecDeque<Said>,
    always: Said,
    asked: Vec<Asked>,
    hung_up: usize,
}

/// A call that came.
#[derive(Debug, Clone)]
pub struct Asked {
    /// With its query.
    pub path: String,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    /// What was sent.
    pub body: Value,
}

impl Asked {
    /// A header, or an empty text.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

impl ModelServer {
    /// A server that answers every call by handing in a result.
    ///
    /// # Panics
    /// There is no free port.
    pub async fn spawn() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::new(Mutex::new(Shared {
            always: Said::submit(),
            ..Shared::default()
        }));
        let task = tokio::spawn(http::serve(listener, Arc::clone(&shared)));
        Self {
            address,
            shared,
            task,
        }
    }

    /// Where a provider of this protocol is.
    pub fn url(&self, protocol: Protocol) -> String {
        format!("http://{}{}", self.address, protocol.base())
    }

    /// What it says to the next call that nothing is told for yet.
    pub fn next(&self, said: Said) -> &Self {
        self.shared().next.push_back(said);
        self
    }

    /// What it says to every other call.
    pub fn always(&self, said: Said) -> &Self {
        self.shared().always = said;
        self
    }

    /// All calls so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared().asked.clone()
    }

    /// How many hung up in the middle of an answer.
    pub fn hung_up(&self) -> usize {
        self.shared().hung_up
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        lock(&self.shared)
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
