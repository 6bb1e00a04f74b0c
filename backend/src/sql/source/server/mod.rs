//! Events from a server, over its public interface and with a token: a program like any other.

mod http;
mod socket;

use std::time::Duration;

use shared_types::{
    Organization,
    model::OrganizationProfile,
    sync::{Closed, Reconnect, SyncClient},
    wire::Cursor,
};

use super::{Begun, Source, SourceError, random};
use crate::{
    remote::{ServerUrl, ShownToken},
    sql::projection::Incoming,
};
use http::Http;
use socket::Socket;

/// One organization of a server.
pub struct ServerSource {
    url: ServerUrl,
    token: ShownToken,
    http: Http,
    socket: Option<Socket>,
    /// Keeps the rules of coming back; the one topic is followed here.
    client: SyncClient,
    /// How the last connection ended.
    closed: Closed,
}

impl ServerSource {
    /// The organization of a token.
    pub fn new(url: ServerUrl, token: ShownToken) -> Self {
        Self {
            http: Http::new(&url, &token),
            url,
            token,
            socket: None,
            client: SyncClient::new(),
            closed: Closed::Lost,
        }
    }

    /// The open connection, opened if there is none.
    async fn socket(&mut self) -> Result<&mut Socket, SourceError> {
        let socket = match self.socket.take() {
            Some(socket) => socket,
            None => match Socket::open(&self.url, &self.token, &mut self.client).await {
                Ok(socket) => socket,
                Err(closed) => return Err(self.ended(closed)),
            },
        };
        Ok(self.socket.insert(socket))
    }

    /// The connection is of no use any more.
    fn ended(&mut self, closed: Closed) -> SourceError {
        self.socket = None;
        self.closed = closed;
        match closed {
            Closed::Status(401) | Closed::Code(4401) => SourceError::Refused(format!(
                "{} refuses the token: it was revoked, has run out, or is none of this server's. Make another one",
                self.url
            )),
            Closed::Code(4408 | 4429) | Closed::Status(408 | 425 | 429) => {
                SourceError::Lost(format!("{} has ended the connection: {closed:?}", self.url))
            }
            Closed::Code(4400..=4499) | Closed::Status(400..=499) => SourceError::Refused(format!(
                "{} refuses the connection: {closed:?}. See that --server is the address of a devteam server",
                self.url
            )),
            Closed::Code(_) | Closed::Status(_) | Closed::Lost => {
                SourceError::Lost(format!("the connection to {} is lost", self.url))
            }
        }
    }
}

impl Source for ServerSource {
    async fn organization(&mut self) -> Result<OrganizationProfile, SourceError> {
        self.http.organization().await
    }

    async fn begin(&mut self, after: u64) -> Result<Begun, SourceError> {
        let socket = self.socket().await?;
        match socket.subscribe(after).await {
            Ok(begun) => Ok(begun),
            Err(socket::Failure::Closed(closed)) => Err(self.ended(closed)),
            Err(socket::Failure::Refused(why)) => Err(SourceError::Refused(why)),
            Err(socket::Failure::Interrupted(why)) => {
                self.socket = None;
                Err(SourceError::Interrupted(why))
            }
        }
    }

    async fn next(&mut self) -> Result<Vec<Incoming>, SourceError> {
        let Some(socket) = &mut self.socket else {
            return Err(SourceError::Interrupted("nothing is told".into()));
        };
        match socket.next(&mut self.client).await {
            Ok(events) => Ok(events),
            Err(socket::Failure::Closed(closed)) => Err(self.ended(closed)),
            Err(socket::Failure::Refused(why)) => Err(SourceError::Refused(why)),
            Err(socket::Failure::Interrupted(why)) => {
                self.socket = None;
                Err(SourceError::Interrupted(why))
            }
        }
    }

    async fn whole(&mut self) -> Result<(Cursor, Organization), SourceError> {
        self.http.whole().await
    }

    /// A server keeps its history.
    async fn copied(&mut self, _: u64) {}

    fn pause(&mut self) -> Duration {
        let closed = std::mem::replace(&mut self.closed, Closed::Lost);
        match self.client.closed(closed, random()) {
            Reconnect::After(millis) => Duration::from_millis(millis),
            // Whether it is final was looked at before; what comes here is tried again.
            Reconnect::Final(_) => Duration::from_secs(15),
        }
    }
}
