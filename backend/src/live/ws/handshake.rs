use std::{
    future::Future,
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use actix_codec::Framed;
use actix_http::{
    HttpMessage as _, Request, Response,
    body::{BodySize, MessageBody as _},
    h1::{Codec, Message},
    ws,
};
use actix_web::{
    Error,
    dev::{RequestHead, ServiceFactory, fn_service},
    http::header::{self, HeaderValue},
    rt::{self, task::JoinHandle},
};
use futures_util::SinkExt;
use shared_types::ErrorCode;

use super::connection::Connection;
use crate::{
    api::{ApiError, HttpStream, RequestId, refuse_secrets_in_address},
    auth::{Auth, Held, Origin, Principal, client_address},
};

const PATH: &str = "/api/v1/ws";
const SUBPROTOCOL: &str = "devteam.v1";

type Upgrade = (Request, Framed<HttpStream, Codec>);

/// Serves whatever asks to be upgraded to a WebSocket, in place of the routes.
pub fn upgrade(
    auth: Arc<Auth>,
) -> impl ServiceFactory<Upgrade, Config = (), Response = (), Error = Error, InitError = ()> {
    fn_service(move |(request, framed): Upgrade| {
        let auth = Arc::clone(&auth);
        // Boxed, so that connections that are no WebSockets do not make room for one.
        async move { Box::pin(serve(auth, request, framed)).await }
    })
}

async fn serve(
    auth: Arc<Auth>,
    request: Request,
    mut framed: Framed<HttpStream, Codec>,
) -> Result<(), Error> {
    let recognised = auth.recognise(request.head()).await;
    let accepted = recognised.and_then(|()| accept(&auth, request.head()));
    let connection = match accepted {
        Ok((response, start)) => {
            framed
                .send(Message::Item((response, BodySize::None)))
                .await?;
            drop(request);
            let parts = framed.into_parts();
            Connection::new(auth, parts.io.into_inner(), parts.read_buf, start)
        }
        Err(error) => {
            let mut response = error.response(&RequestId::of(request.headers()).0);
            // Whoever offered another version is told which one there is (RFC 6455, 4.4).
            response.headers_mut().insert(
                header::SEC_WEBSOCKET_VERSION,
                HeaderValue::from_static("13"),
            );
            return refuse(framed, response).await;
        }
    };
    match connection {
        Some(connection) => {
            // A task of its own: when it is woken, nothing of the HTTP server around it is touched.
            let task = Owned(rt::spawn(connection));
            task.await;
        }
        None => tracing::error!("a WebSocket was opened before the model was loaded"),
    }
    Ok(())
}

/// A task that ends with whoever waits for it.
struct Owned(JoinHandle<()>);

impl Future for Owned {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // An error is a panic, which the runtime has reported.
        Pin::new(&mut self.0).poll(cx).map(drop)
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What a connection begins with.
pub struct Start {
    /// None if the client has yet to say who it is.
    pub principal: Option<Principal>,
    /// What it has shown is not known.
    pub refused: bool,
    /// The client's address.
    pub from: Option<IpAddr>,
    /// Its share of the connections.
    pub held: Held,
}

fn accept(auth: &Auth, head: &RequestHead) -> Result<(Response<()>, Start), ApiError> {
    if head.uri.path() != PATH {
        let detail = format!("There is no WebSocket at this address: it is at {PATH}.");
        return Err(ApiError::new(ErrorCode::NotFound, detail));
    }
    refuse_secrets_in_address(head)?;
    let hub = &auth.home().hub;
    if hub.is_closing() || hub.model().is_none() {
        return Err(ApiError::new(
            ErrorCode::Unavailable,
            "The server is not ready: try again in a moment.",
        ));
    }
    let mut response = ws::handshake(head).map_err(|error| {
        ApiError::new(
            ErrorCode::Malformed,
            format!("The WebSocket handshake is wrong: {error}."),
        )
    })?;
    if offers_subprotocol(head) {
        response.insert_header((
            header::SEC_WEBSOCKET_PROTOCOL,
            HeaderValue::from_static(SUBPROTOCOL),
        ));
    }
    // A page of another site can open a connection in the name of whoever looks at it.
    let principal = match auth.policy.origins.of(&head.headers) {
        // What is shown and not known is refused where a client can hear of it: in the protocol.
        Origin::Own | Origin::Unsaid => auth.authenticate(head).unwrap_or_default(),
        Origin::Allowed | Origin::Foreign => None,
    };
    // A browser always says whose page it is.
    let is_unsaid = auth.policy.origins.of(&head.headers) == Origin::Unsaid;
    let principal = principal.filter(|principal| !is_unsaid || principal.session().is_none());
    // One for a run alone follows nothing.
    let principal = principal.filter(|principal| principal.lent().is_none());
    let from = client_address(head, &auth.policy.proxies);
    let held = auth.hold(principal.as_ref(), from)?;
    Ok((
        response
            .message_body(())
            .map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))?,
        Start {
            refused: principal.is_none() && shows_something(head),
            principal,
            from,
            held,
        },
    ))
}

fn offers_subprotocol(head: &RequestHead) -> bool {
    let offered = head
        .headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .filter_map(|value| value.to_str().ok());
    offered
        .flat_map(|value| value.split(','))
        .any(|name| name.trim() == SUBPROTOCOL)
}

/// Whether a client says by itself who it is, and need not be asked.
fn shows_something(head: &RequestHead) -> bool {
    head.headers.contains_key(header::AUTHORIZATION)
}

async fn refuse(
    mut framed: Framed<HttpStream, Codec>,
    response: actix_web::HttpResponse,
) -> Result<(), Error> {
    let (response, body) = response.into_parts();
    let mut response: Response<()> = response.map_body(|_, _| ()).into();
    response
        .head_mut()
        .set_connection_type(actix_http::ConnectionType::Close);
    let size = body.size();
    let body = body.try_into_bytes().unwrap_or_default();
    framed.send(Message::Item((response, size))).await?;
    framed.send(Message::Chunk(Some(body))).await?;
    Ok(())
}
