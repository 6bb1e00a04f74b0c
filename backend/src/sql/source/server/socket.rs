//! One WebSocket that follows `all`.
//!
//! On this topic every event has `prev` = `seq` − 1, so following it is counting.

use std::time::Duration;

use futures_util::{FutureExt, SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::value::RawValue;
use shared_types::{
    error::ErrorCode,
    sync::{Closed, SyncClient, Transport},
    wire::{ClientMessage, Cursor, HEARTBEAT_SECONDS, Mode, ServerMessage},
};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        http::{HeaderValue, header::AUTHORIZATION},
    },
};

use super::Begun;
use crate::remote::{ServerUrl, ShownToken};
use crate::sql::{
    projection::Incoming,
    source::{MOST_BYTES, MOST_EVENTS},
};

/// The server says something at least so often, or is not there.
const SILENCE: Duration = Duration::from_secs(HEARTBEAT_SECONDS as u64 * 5 / 2);
const OPEN: Duration = Duration::from_secs(15);
/// While there is much to catch up with, events are gathered so long for one transaction.
const GATHER: Duration = Duration::from_millis(500);

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A connection that is welcome.
pub(super) struct Socket {
    stream: Stream,
    /// Where the line was when it was asked last.
    newest: Cursor,
    /// How far it was told.
    have: u64,
    next_id: u64,
}

/// Why there is nothing more to hear.
pub(super) enum Failure {
    Closed(Closed),
    Refused(String),
    Interrupted(String),
}

/// What came.
enum Heard {
    Event { text: String },
    Other(ServerMessage),
}

impl Socket {
    /// Connects and waits to be welcome.
    pub async fn open(
        url: &ServerUrl,
        token: &ShownToken,
        client: &mut SyncClient,
    ) -> Result<Self, Closed> {
        let connect = async {
            let mut request = url
                .websocket()
                .into_client_request()
                .map_err(|_| Closed::Lost)?;
            let bearer = HeaderValue::from_str(&token.bearer()).map_err(|_| Closed::Status(401))?;
            request.headers_mut().insert(AUTHORIZATION, bearer);
            let (stream, _) = connect_async(request).await.map_err(|error| match error {
                Error::Http(answer) => Closed::Status(answer.status().as_u16()),
                error => {
                    tracing::debug!(%error, "the WebSocket can't be opened");
                    Closed::Lost
                }
            })?;
            Ok(stream)
        };
        let stream = timeout(OPEN, connect).await.unwrap_or(Err(Closed::Lost))?;
        client.opened(Transport::WebSocket);
        let mut stream = stream;
        loop {
            let Heard::Other(message) = hear(&mut stream).await? else {
                continue;
            };
            let newest = match &message {
                ServerMessage::Welcome { cursor, .. } => Some(cursor.clone()),
                _ => None,
            };
            client.message(message);
            if let Some(newest) = newest {
                return Ok(Self {
                    stream,
                    newest,
                    have: 0,
                    next_id: 0,
                });
            }
        }
    }

    /// Starts over after a position of the line as it is now.
    pub async fn subscribe(&mut self, after: u64) -> Result<Begun, Failure> {
        self.next_id += 1;
        let id = self.next_id.into();
        let message = ClientMessage::Subscribe {
            id,
            topic: "all".into(),
            after: Some(
                Cursor {
                    seq: after,
                    ..self.newest.clone()
                }
                .to_string(),
            ),
            log_after: None,
        };
        // Plain structs always serialise.
        let text = serde_json::to_string(&message).unwrap_or_default();
        self.stream
            .send(Message::text(text))
            .await
            .map_err(|_| Failure::Closed(Closed::Lost))?;
        loop {
            let Heard::Other(message) = hear(&mut self.stream).await.map_err(Failure::Closed)?
            else {
                // Of the subscription before.
                continue;
            };
            match message {
                ServerMessage::Subscribed(subscribed)
                    if subscribed.id == Some(self.next_id.into()) =>
                {
                    self.have = after;
                    let is_resumed = match subscribed.mode {
                        Mode::Resumed { replaying } => {
                            self.newest = Cursor {
                                seq: after + replaying,
                                ..subscribed.cursor
                            };
                            true
                        }
                        Mode::Snapshot { .. } => {
                            self.newest = subscribed.cursor;
                            false
                        }
                    };
                    return Ok(Begun {
                        epoch: self.newest.epoch.clone(),
                        head: self.newest.seq,
                        is_resumed,
                    });
                }
                ServerMessage::Error {
                    id: Some(id),
                    code,
                    message,
                    retryable,
                    ..
                } if id == self.next_id => {
                    return match code {
                        // Beyond the end of the line: what is there is not what was copied.
                        ErrorCode::InvalidCursor => Ok(Begun {
                            epoch: self.newest.epoch.clone(),
                            head: self.newest.seq,
                            is_resumed: false,
                        }),
                        _ if retryable => Err(Failure::Interrupted(message)),
                        _ => Err(Failure::Refused(format!(
                            "the server does not tell this token everything ({message}): make one whose scope is organization"
                        ))),
                    };
                }
                _ => {}
            }
        }
    }

    /// The next events in a row.
    pub async fn next(&mut self, client: &mut SyncClient) -> Result<Vec<Incoming>, Failure> {
        let mut events: Vec<Incoming> = Vec::new();
        let mut bytes = 0;
        let deadline = Instant::now() + GATHER;
        while events.len() < MOST_EVENTS && bytes < MOST_BYTES {
            let heard = if events.is_empty() {
                hear(&mut self.stream).await
            } else if self.have < self.newest.seq {
                match timeout_at(deadline, hear(&mut self.stream)).await {
                    Ok(heard) => heard,
                    Err(_) => break,
                }
            } else {
                match hear(&mut self.stream).now_or_never() {
                    Some(heard) => heard,
                    None => break,
                }
            };
            let message = match heard {
                Ok(Heard::Event { text }) => {
                    let event = Incoming::read(text.as_bytes()).map_err(|error| {
                        Failure::Refused(format!(
                            "an event can't be read ({error}): use a newer version of devteam"
                        ))
                    })?;
                    if event.seq == self.have + 1 {
                        self.have = event.seq;
                        bytes += event.bytes;
                        events.push(event);
                    } else if event.seq > self.have {
                        return Err(Failure::Interrupted(format!(
                            "event {} came after {}",
                            event.seq, self.have
                        )));
                    }
                    continue;
                }
                Ok(Heard::Other(message)) => message,
                // What came before the end counts.
                Err(_) if !events.is_empty() => break,
                Err(closed) => return Err(Failure::Closed(closed)),
            };
            if let Some(why) = self.interrupted(&message) {
                return Err(Failure::Interrupted(why));
            }
            client.message(message);
        }
        Ok(events)
    }

    fn interrupted(&self, message: &ServerMessage) -> Option<String> {
        match message {
            ServerMessage::Resync { reason, .. } => {
                Some(format!("the server begins anew: {reason:?}"))
            }
            ServerMessage::Unsubscribed { reason, .. } => Some(format!(
                "the server has ended the subscription: {}",
                reason.as_deref().unwrap_or("it does not say why")
            )),
            ServerMessage::Heartbeat { cursor } if cursor.epoch != self.newest.epoch => {
                Some(format!("the server's epoch is {} now", cursor.epoch))
            }
            ServerMessage::Heartbeat { cursor } if cursor.seq > self.have => Some(format!(
                "the server has told up to {}, but {} came last",
                cursor.seq, self.have
            )),
            _ => None,
        }
    }
}

async fn hear(stream: &mut Stream) -> Result<Heard, Closed> {
    loop {
        let heard = timeout(SILENCE, stream.next()).await;
        match heard.map_err(|_| Closed::Lost)? {
            Some(Ok(Message::Text(text))) => match read(text.as_str()) {
                Some(heard) => return Ok(heard),
                None => tracing::debug!("a message of a later protocol is passed over"),
            },
            Some(Ok(Message::Close(frame))) => {
                return Err(Closed::Code(frame.map_or(1005, |frame| frame.code.into())));
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Err(Closed::Lost),
        }
    }
}

fn read(text: &str) -> Option<Heard> {
    #[derive(Deserialize)]
    struct Kind<'a> {
        #[serde(rename = "type", borrow)]
        kind: &'a RawValue,
    }
    let Kind { kind } = serde_json::from_str(text).ok()?;
    if kind.get() == "\"event\"" {
        return Some(Heard::Event { text: text.into() });
    }
    serde_json::from_str(text).ok().map(Heard::Other)
}
