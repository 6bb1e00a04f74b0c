use std::{fmt, str::FromStr};

/// The address of a server: `https://board.example.org`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerUrl {
    secure: bool,
    /// Host, port, and a path before `/api` if there is one.
    place: String,
}

impl ServerUrl {
    /// The address of a path of the API, for HTTP.
    pub fn http(&self, path: &str) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}/api/v1{path}", self.place)
    }

    /// The address of the WebSocket.
    pub fn websocket(&self) -> String {
        let scheme = if self.secure { "wss" } else { "ws" };
        format!("{scheme}://{}/api/v1/ws", self.place)
    }
}

impl FromStr for ServerUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (secure, place) = match text.split_once("://") {
            Some(("https", place)) => (true, place),
            Some(("http", place)) => (false, place),
            _ => return Err(REMEDY.into()),
        };
        let place = place.trim_end_matches('/');
        let place = place.strip_suffix("/api/v1").unwrap_or(place);
        if place.is_empty() || place.contains(['@', '?', '#', ' ']) {
            return Err(REMEDY.into());
        }
        Ok(Self {
            secure,
            place: place.into(),
        })
    }
}

const REMEDY: &str = "must be the address of a server, such as https://board.example.org";

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.place)
    }
}
