//! What differs between the servers that a subscriber can talk to, once the WebSocket is open.

use anyhow::{Result, bail};
use memchr::memmem;

use super::frames::Outgoing;

/// How to subscribe, and to what.
#[derive(Clone, Debug)]
pub enum Dialect {
    /// `devteam.v1`: JSON messages, one a frame.
    Devteam {
        /// As the client asks for it: `project:<slug>`.
        topic: String,
    },
    /// Nchan: being connected is being subscribed; the frame is the message.
    Nchan {
        /// Of the subscriber's location.
        path: String,
    },
    /// NATS: its own text protocol inside binary frames.
    Nats {
        /// What to subscribe to.
        subject: String,
    },
}

impl Dialect {
    /// Where the WebSocket is.
    pub fn path(&self) -> &str {
        match self {
            Self::Devteam { .. } => "/api/v1/ws",
            Self::Nchan { path } => path,
            Self::Nats { .. } => "/",
        }
    }

    /// What subscribes; nothing where connecting is enough.
    pub fn greeting(&self) -> Option<(Outgoing, Vec<u8>)> {
        match self {
            Self::Devteam { .. } => Some((Outgoing::Text, self.subscribe(1))),
            Self::Nchan { .. } => None,
            Self::Nats { subject } => {
                let text = format!(
                    "CONNECT {{\"verbose\":false,\"pedantic\":false}}\r\nSUB {subject} 1\r\nPING\r\n"
                );
                Some((Outgoing::Binary, text.into_bytes()))
            }
        }
    }

    /// Whether this message says that the subscription stands.
    ///
    /// # Errors
    /// It says that it was refused.
    pub fn confirms(&self, message: &[u8]) -> Result<bool> {
        let (yes, no): (&[u8], &[u8]) = match self {
            Self::Devteam { .. } => (br#""type":"subscribed""#, br#""type":"error""#),
            Self::Nchan { .. } => return Ok(true),
            Self::Nats { .. } => (b"PONG\r\n", b"-ERR"),
        };
        if memmem::find(message, yes).is_some() {
            return Ok(true);
        }
        if memmem::find(message, no).is_some() {
            bail!(
                "the subscription was refused: {}",
                String::from_utf8_lossy(message)
            );
        }
        Ok(false)
    }

    /// The request to subscribe again, when this message says that the server ended the subscription.
    pub fn resubscribe(&self, message: &[u8]) -> Option<Vec<u8>> {
        matches!(self, Self::Devteam { .. })
            .then(|| memmem::find(message, br#""type":"resync""#))
            .flatten()
            .map(|_| self.subscribe(2))
    }

    fn subscribe(&self, id: u32) -> Vec<u8> {
        let Self::Devteam { topic } = self else {
            return Vec::new();
        };
        serde_json::json!({ "type": "subscribe", "id": id, "topic": topic })
            .to_string()
            .into_bytes()
    }
}
