//! The REST API, called within this process.

use std::{net::SocketAddr, sync::Arc};

use actix_http::{Request, h1};
use actix_service::{
    IntoServiceFactory, Service, ServiceExt, ServiceFactory,
    boxed::{self, BoxService},
};
use actix_web::{
    App, Error, HttpRequest,
    body::{BoxBody, to_bytes},
    dev::{AppConfig, ServiceResponse},
    http::{
        Method, StatusCode, Uri,
        header::{
            ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue,
            IF_MATCH, TRANSFER_ENCODING,
        },
    },
    middleware::from_fn,
    web::{Bytes, Data},
};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::{api, auth::Auth};

type Routes = BoxService<Request, ServiceResponse<BoxBody>, Error>;

/// The routes of one thread, put together when they are first called.
pub struct Rest {
    auth: Arc<Auth>,
    routes: OnceCell<Routes>,
}

/// Whose request it is: what the request to `/mcp` said of itself.
#[derive(Clone)]
pub(super) struct Caller {
    headers: HeaderMap,
    peer: Option<SocketAddr>,
}

impl Caller {
    pub fn of(request: &HttpRequest) -> Self {
        let mut headers = request.headers().clone();
        // About the other body.
        for name in [
            ACCEPT,
            ACCEPT_ENCODING,
            CONTENT_LENGTH,
            CONTENT_TYPE,
            TRANSFER_ENCODING,
        ] {
            headers.remove(name);
        }
        Self {
            headers,
            peer: request.head().peer_addr,
        }
    }
}

/// One request.
#[derive(Debug)]
pub(super) struct Call {
    pub method: Method,
    /// With its query, encoded.
    pub uri: Uri,
    /// What the entity must be at.
    pub version: Option<u64>,
    pub body: Option<Value>,
}

/// What was answered: JSON, or null.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: StatusCode,
    pub body: Value,
}

impl Answer {
    /// What was asked for, or the problem.
    pub fn found(self) -> Result<Value, Value> {
        match self.status.is_success() {
            true => Ok(self.body),
            false => Err(self.body),
        }
    }
}

impl Rest {
    pub fn new(auth: Arc<Auth>) -> Self {
        Self {
            auth,
            routes: OnceCell::new(),
        }
    }

    /// Carries out a request as its caller.
    pub(super) async fn call(&self, caller: Caller, call: Call) -> Answer {
        let answered = match self.routes.get_or_try_init(|| self.put_together()).await {
            Ok(routes) => routes.call(request(caller, call)).await.map_err(drop),
            Err(()) => Err(()),
        };
        let Ok(response) = answered else {
            return Answer::broken();
        };
        let status = response.status();
        match to_bytes(response.into_body()).await {
            Ok(body) => Answer {
                status,
                body: serde_json::from_slice(&body).unwrap_or(Value::Null),
            },
            Err(_) => Answer::broken(),
        }
    }

    async fn put_together(&self) -> Result<Routes, ()> {
        let app = App::new()
            .app_data(Data::from(Arc::clone(&self.auth)))
            .configure(api::configure)
            .wrap(from_fn(api::boundary));
        let routes = app.into_factory().new_service(AppConfig::default()).await?;
        Ok(boxed::service(
            routes.map(ServiceResponse::map_into_boxed_body),
        ))
    }
}

impl Answer {
    /// Only a defect leads here: the boundary answers every error.
    fn broken() -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            body: json!({ "code": "internal", "detail": "The server could not ask itself." }),
        }
    }
}

fn request(caller: Caller, call: Call) -> Request {
    let Caller { mut headers, peer } = caller;
    if let Some(version) = call.version
        && let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\""))
    {
        headers.insert(IF_MATCH, tag);
    }
    let body = call.body.map(|body| Bytes::from(body.to_string()));
    let body = body.unwrap_or_default();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let (_, mut payload) = h1::Payload::create(true);
    payload.unread_data(body);
    let mut request = Request::with_payload(payload.into());
    let head = request.head_mut();
    head.method = call.method;
    head.uri = call.uri;
    head.headers = headers;
    head.peer_addr = peer;
    request
}
