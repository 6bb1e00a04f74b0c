//! The door: streamable HTTP as the protocol's own library speaks it, behind this server's lock.

use std::{pin::pin, rc::Rc, sync::Arc};

use actix_web::{
    Error, HttpRequest, HttpResponse,
    http::{StatusCode, header::CACHE_CONTROL},
    web::{self, Bytes, Payload, PayloadConfig},
};
use futures_util::{StreamExt, stream::FuturesUnordered};
use http_body_util::{BodyExt, Full};
use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::never::NeverSessionManager,
};
use shared_types::ErrorCode;
use tokio::sync::mpsc;

use super::{
    rest::{Caller, Rest},
    server::Server,
};
use crate::{
    api::{self, ApiError, Body, MAX_BODY_BYTES},
    auth::Action,
};

/// Calls of one request that wait to be made.
const WAITING_CALLS: usize = 8;

/// `/mcp`. It wants [`Rest`] in the application's data.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/mcp")
            .app_data(PayloadConfig::new(MAX_BODY_BYTES))
            .route(web::route().to(serve)),
    );
}

/// One message, and its answer.
async fn serve(request: HttpRequest, payload: Payload) -> Result<HttpResponse, Error> {
    // Whoever may look is let in; each tool asks anew whether its caller may do that.
    api::admit(&request, Action::View).await?;
    let rest = request.app_data::<Rc<Rest>>().ok_or_else(broken)?;
    let body = Body::read(&request, &mut payload.into_inner()).await?.bytes;
    let message = message(&request, body)?;

    // The library's futures may go from thread to thread, the routes stay on theirs: the calls come over a channel.
    let (calls, mut asked) = mpsc::channel(WAITING_CALLS);
    let server = Server::new(calls);
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        // The lock has looked at Host and Origin.
        .disable_allowed_hosts();
    let sessions = Arc::new(NeverSessionManager::default());
    let service = StreamableHttpService::new(move || Ok(server.clone()), sessions, config);
    let caller = Caller::of(&request);
    let mut answering = pin!(async {
        let (head, body) = service.handle(message).await.into_parts();
        let Ok(body) = body.collect().await;
        (head, body.to_bytes())
    });
    // Dropped, calls and all, when the client goes.
    let mut under_way = FuturesUnordered::new();
    loop {
        tokio::select! {
            (head, body) = &mut answering => return Ok(answer(&head, body)),
            Some((call, reply)) = asked.recv() => {
                let answer = rest.call(caller.clone(), call);
                // Nobody waits any more where this fails.
                under_way.push(async { drop(reply.send(answer.await)) });
            }
            Some(()) = under_way.next() => {}
        }
    }
}

/// The request as the library takes it, which is of another version of the same types.
fn message(request: &HttpRequest, body: Bytes) -> Result<http::Request<Full<Bytes>>, ApiError> {
    let mut message = http::Request::builder()
        .method(request.method().as_str())
        .uri(request.uri().to_string());
    for (name, value) in request.headers() {
        message = message.header(name.as_str(), value.as_bytes());
    }
    message.body(Full::new(body)).map_err(|_| broken())
}

fn answer(head: &http::response::Parts, body: Bytes) -> HttpResponse {
    let status = StatusCode::from_u16(head.status.as_u16()).unwrap_or_default();
    let mut response = HttpResponse::build(status);
    for (name, value) in &head.headers {
        response.append_header((name.as_str(), value.as_bytes()));
    }
    response.insert_header((CACHE_CONTROL, "no-store"));
    response.body(body)
}

fn broken() -> ApiError {
    ApiError::new(ErrorCode::Internal, "The server is not put together.")
}
