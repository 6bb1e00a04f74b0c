//! The body of a request, and what it may be.

use std::time::Duration;

use actix_web::{
    Error, FromRequest, HttpRequest,
    dev::Payload,
    http::{
        Method,
        header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
    },
    web::Bytes,
};
use serde::{Deserialize, de::DeserializeOwned};
use shared_types::ErrorCode;
use tokio::time::{error::Elapsed, timeout};

use super::{
    ApiError,
    input::{self, Place},
};

/// A client that sends a byte now and then would hold its connection for ever. 1 MiB takes so long at 35 kB/s.
const BODY_WITHIN: Duration = Duration::from_secs(30);

/// What was sent, as it came.
pub struct Body {
    media_type: String,
    charset: Option<String>,
    method: Method,
    pub bytes: Bytes,
}

/// The body of a route that takes none, or an object without fields.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFields {}

impl Body {
    /// All of it, if it comes in time.
    pub fn read(
        request: &HttpRequest,
        payload: &mut Payload,
    ) -> impl Future<Output = Result<Self, Error>> + 'static {
        let ((media_type, charset), method) =
            (content_type(request.headers()), request.method().clone());
        // What would be unpacked first, and measured then: a kilobyte can be a gigabyte.
        let bytes = match coding(request.headers()) {
            None => Ok(Bytes::from_request(request, payload)),
            Some(coding) => {
                let detail = format!("Send the body as it is, not encoded as {coding:?}.");
                Err(ApiError::new(ErrorCode::UnsupportedMediaType, detail))
            }
        };
        async move {
            let bytes = bytes?;
            let bytes = timeout(BODY_WITHIN, bytes).await.map_err(too_slow)??;
            Ok(Self {
                media_type,
                charset,
                method,
                bytes,
            })
        }
    }

    /// What this route takes.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let is_json = self.media_type == "application/json";
        let is_patch =
            self.method == Method::PATCH && self.media_type == "application/merge-patch+json";
        if !is_json && !is_patch && !self.bytes.is_empty() {
            let detail = match self.method {
                Method::PATCH => {
                    "Send the body as application/merge-patch+json or application/json."
                }
                _ => "Send the body as application/json.",
            };
            return Err(ApiError::new(ErrorCode::UnsupportedMediaType, detail));
        }
        if let Some(charset) = &self.charset
            && charset != "utf-8"
        {
            let detail = format!("JSON is UTF-8: send it so, not as {charset:?}.");
            return Err(ApiError::new(ErrorCode::UnsupportedMediaType, detail));
        }
        Ok(input::parse(input::object(&self.bytes)?, Place::Body)?)
    }

    /// The same where there need not be a body.
    pub fn parse_or_default<T: DeserializeOwned + Default>(&self) -> Result<T, ApiError> {
        if self.bytes.is_empty() {
            Ok(T::default())
        } else {
            self.parse()
        }
    }

    /// Refuses one with something in it, where nothing is expected.
    pub fn refuse_any(&self) -> Result<(), ApiError> {
        self.parse_or_default().map(|NoFields {}| ())
    }
}

fn too_slow(_: Elapsed) -> ApiError {
    let seconds = BODY_WITHIN.as_secs();
    ApiError::new(
        ErrorCode::RequestTimeout,
        format!("The body has not come within {seconds} seconds."),
    )
}

/// How the body is encoded, if it is.
fn coding(headers: &HeaderMap) -> Option<String> {
    let coding = headers.get(CONTENT_ENCODING)?;
    let coding = String::from_utf8_lossy(coding.as_bytes()).into_owned();
    (!coding.eq_ignore_ascii_case("identity")).then_some(coding)
}

/// The media type, and the character set if one is named; both in lower case.
fn content_type(headers: &HeaderMap) -> (String, Option<String>) {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mut parts = value.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_owned();
    let mut parameters = parts.filter_map(|parameter| parameter.split_once('='));
    let charset = parameters.find(|(name, _)| *name == "charset");
    (
        media_type,
        charset.map(|(_, value)| value.trim_matches('"').to_owned()),
    )
}
