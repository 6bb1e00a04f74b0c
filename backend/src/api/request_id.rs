//! The id by which a request is found again: in its answer, in its events and in the logs.

use std::sync::Arc;

use actix_web::{HttpMessage, HttpRequest, http::header::HeaderMap};

/// The header that carries it, both ways.
pub const X_REQUEST_ID: &str = "x-request-id";

const MAX_LENGTH: usize = 128;

/// `X-Request-Id` as sent, if it is 1 to 128 visible ASCII characters, else made.
#[derive(Debug, Clone)]
pub struct RequestId(pub Arc<str>);

impl RequestId {
    /// The id of a request with these headers.
    pub fn of(headers: &HeaderMap) -> Self {
        let sent = headers
            .get(X_REQUEST_ID)
            .and_then(|value| value.to_str().ok())
            .filter(|text| is_sane(text));
        Self(sent.map_or_else(|| uuid::Uuid::now_v7().to_string().into(), Into::into))
    }

    /// The one that [`super::boundary()`] has given this request.
    pub fn get(request: &HttpRequest) -> Self {
        let given = request.extensions().get::<Self>().cloned();
        given.unwrap_or_else(|| Self::of(request.headers()))
    }
}

fn is_sane(text: &str) -> bool {
    (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}
