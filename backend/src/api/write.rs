//! What every write has in common: a principal, a body, a precondition, an idempotency key.

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{
    Error, FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        Method, StatusCode,
        header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, LOCATION},
    },
    web::{Bytes, Data},
};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use shared_types::{ErrorCode, command::Command};
use tokio::time::{error::Elapsed, timeout};

use super::{
    ApiError, Principal, RequestId, State,
    boundary::DEVTEAM_CURSOR,
    entity,
    input::{self, Place},
    precondition::Condition,
};
use crate::engine::{Answer, IdempotencyKey, Request};

/// The header that makes a retry safe.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The answer is the one to an earlier request with the same key.
pub const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

const MAX_KEY_LENGTH: usize = 255;
/// A client that sends a byte now and then would hold its connection for ever. 1 MiB takes so long at 35 kB/s.
const BODY_WITHIN: Duration = Duration::from_secs(30);

/// A request that changes something.
pub struct Write {
    state: Data<State>,
    principal: Principal,
    cause: RequestId,
    idempotency: Option<IdempotencyKey>,
    condition: Condition,
    media_type: String,
    method: Method,
    body: Bytes,
}

/// The body of a route that takes none, or an object without fields.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFields {}

/// What a handler answers.
pub type Reply = Result<HttpResponse, ApiError>;

impl FromRequest for Write {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let principal = Principal::of(&request)?;
            let state = Data::<State>::extract(&request).await?;
            let body = timeout(BODY_WITHIN, body).await.map_err(too_slow)??;
            Ok(Self {
                idempotency: idempotency(&request, &principal, &body)?,
                condition: Condition::if_match(request.headers())?,
                media_type: media_type(request.headers()),
                method: request.method().clone(),
                cause: RequestId::get(&request),
                state,
                principal,
                body,
            })
        })
    }
}

impl Write {
    /// The body as what this route takes.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let is_json = self.media_type == "application/json";
        let is_patch =
            self.method == Method::PATCH && self.media_type == "application/merge-patch+json";
        if !is_json && !is_patch && !self.body.is_empty() {
            let detail = match self.method {
                Method::PATCH => {
                    "Send the body as application/merge-patch+json or application/json."
                }
                _ => "Send the body as application/json.",
            };
            return Err(ApiError::new(ErrorCode::UnsupportedMediaType, detail));
        }
        Ok(input::parse(input::object(&self.body)?, Place::Body)?)
    }

    /// The same where there need not be a body.
    pub fn body_or_default<T: DeserializeOwned + Default>(&self) -> Result<T, ApiError> {
        if self.body.is_empty() {
            Ok(T::default())
        } else {
            self.body()
        }
    }

    /// Refuses a body with something in it, where nothing is expected.
    pub fn no_body(&self) -> Result<(), ApiError> {
        self.body_or_default().map(|NoFields {}| ())
    }

    /// Carries out what makes an entity: 201, and where it is.
    pub async fn create(self, command: Command) -> Reply {
        let answer = self.run(command).await?;
        let mut response = HttpResponse::Created();
        response.insert_header((LOCATION, entity::location(answer.subject, &answer.entity)));
        response.insert_header((ETAG, etag(answer.version)));
        Ok(reply(response, &answer).json(&answer.entity))
    }

    /// Carries out what changes an entity: 200 and the entity.
    pub async fn change(self, command: Command) -> Reply {
        let answer = self.run(command).await?;
        let mut response = HttpResponse::Ok();
        response.insert_header((ETAG, etag(answer.version)));
        Ok(reply(response, &answer).json(&answer.entity))
    }

    /// Carries out what takes something away: 204.
    pub async fn delete(self, command: Command) -> Reply {
        let answer = self.run(command).await?;
        Ok(reply(HttpResponse::build(StatusCode::NO_CONTENT), &answer).finish())
    }

    async fn run(self, mut command: Command) -> Result<Answer, ApiError> {
        self.condition
            .demand(&mut command, &self.state.engine.model().organization)?;
        let request = Request {
            command,
            actor: self.principal.actor,
            member: self.principal.member,
            cause: self.cause.0.to_string(),
            idempotency: self.idempotency,
        };
        Ok(self.state.engine.execute(request).await?)
    }
}

fn too_slow(_: Elapsed) -> ApiError {
    let seconds = BODY_WITHIN.as_secs();
    ApiError::new(
        ErrorCode::Malformed,
        format!("The body has not come within {seconds} seconds."),
    )
}

/// The entity tag of a version.
pub fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

fn reply(
    mut response: actix_web::HttpResponseBuilder,
    answer: &Answer,
) -> actix_web::HttpResponseBuilder {
    response.insert_header((DEVTEAM_CURSOR, answer.cursor.to_string()));
    if answer.replayed {
        response.insert_header((IDEMPOTENCY_REPLAYED, "true"));
    }
    response
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn idempotency(
    request: &HttpRequest,
    principal: &Principal,
    body: &[u8],
) -> Result<Option<IdempotencyKey>, ApiError> {
    let Some(value) = request.headers().get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let key = value.to_str().unwrap_or_default();
    if !(1..=MAX_KEY_LENGTH).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) {
        let message = "must be 1 to 255 visible ASCII characters, such as a UUID";
        return Err(ApiError::parameter("Idempotency-Key", message));
    }
    let mut hash = Sha256::new();
    for part in [
        request.method().as_str(),
        request.path(),
        request.query_string(),
    ] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.update(body);
    let request_hash = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Some(IdempotencyKey {
        principal: principal.wire.id.to_string(),
        key: key.to_owned(),
        request_hash,
    }))
}
