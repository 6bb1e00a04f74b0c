use std::net::SocketAddr;

use reqwest::{
    Client,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use shared_types::{
    sync::{Closed, Transport},
    wire::ClientMessage,
};

use super::{polling::Polling, sse::Sse, websocket::WebSocket};
use crate::http;

/// Where lines lead, and who opens them.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub address: SocketAddr,
    /// None: whoever comes from this machine.
    pub token: Option<String>,
}

impl Place {
    /// What shows the token.
    pub fn authorization(&self) -> Option<HeaderValue> {
        let token = self.token.as_ref()?;
        Some(HeaderValue::from_str(&format!("Bearer {token}")).expect("a header's value"))
    }

    /// A client for requests.
    pub fn client(&self) -> Client {
        let authorization = self.authorization().map(|value| (AUTHORIZATION, value));
        http::client()
            .default_headers(HeaderMap::from_iter(authorization))
            .build()
            .expect("a plain client")
    }
}

/// What came over a line.
pub(super) enum Heard {
    Message(String),
    /// A message and the id that came with it.
    MessageAt(String, String),
    /// What polling was answered.
    Answer(String),
    /// A sign of life.
    Nothing,
    End(Closed),
}

/// An open line of one of the transports.
pub(super) enum Line {
    WebSocket(Box<WebSocket>),
    Sse(Box<Sse>),
    Polling(Polling),
}

impl Line {
    /// `query`: what SSE and polling ask for.
    pub async fn open(
        transport: Transport,
        place: &Place,
        query: Option<String>,
    ) -> Result<Self, Closed> {
        Ok(match transport {
            Transport::WebSocket => Line::WebSocket(Box::new(WebSocket::open(place).await?)),
            Transport::Sse => Line::Sse(Box::new(Sse::new(place, query))),
            Transport::Polling => Line::Polling(Polling::new(place, query)),
        })
    }

    /// Can be given up at any moment without losing anything.
    pub async fn hear(&mut self) -> Heard {
        match self {
            Line::WebSocket(line) => line.hear().await,
            Line::Sse(line) => line.hear().await,
            Line::Polling(line) => line.hear().await,
        }
    }

    /// Makes the request of SSE or polling anew.
    pub fn ask(&mut self, query: Option<String>) {
        match self {
            Line::WebSocket(_) => {}
            Line::Sse(line) => line.ask(query),
            Line::Polling(line) => line.ask(query),
        }
    }

    pub async fn send(&mut self, message: &ClientMessage) -> Result<(), Closed> {
        match self {
            Line::WebSocket(line) => line.send(message).await,
            Line::Sse(_) | Line::Polling(_) => Ok(()),
        }
    }
}
