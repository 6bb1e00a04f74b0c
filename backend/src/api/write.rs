//! What every write has in common: a principal, a body, a precondition, an idempotency key.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{
    Error, FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, ETAG, HeaderName, LOCATION},
    },
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use shared_types::command::Command;

use super::{
    ApiError, RequestId, State, body::Body, boundary::DEVTEAM_CURSOR, entity,
    precondition::Condition,
};
use crate::auth::{Asking, Principal};
use crate::engine::{Answer, Failure, IdempotencyKey, Model, Request};

/// The header that makes a retry safe.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The answer is the one to an earlier request with the same key.
pub const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

const MAX_KEY_LENGTH: usize = 255;
/// A request that changes something.
pub struct Write {
    principal: Principal,
    cause: RequestId,
    idempotency: Option<IdempotencyKey>,
    condition: Condition,
    body: Body,
}

/// What a handler answers.
pub type Reply = Result<HttpResponse, ApiError>;

impl FromRequest for Write {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Body::read(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let principal = Principal::of(&request)?;
            let body = body.await?;
            Ok(Self {
                idempotency: idempotency(&request, &principal, &body.bytes)?,
                condition: Condition::if_match(request.headers())?,
                cause: RequestId::get(&request),
                principal,
                body,
            })
        })
    }
}

impl Write {
    /// The body as what this route takes.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        self.body.parse()
    }

    /// The same where there need not be a body.
    pub fn body_or_default<T: DeserializeOwned + Default>(&self) -> Result<T, ApiError> {
        self.body.parse_or_default()
    }

    /// Refuses a body with something in it, where nothing is expected.
    pub fn no_body(&self) -> Result<(), ApiError> {
        self.body.refuse_any()
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

    /// Carries out a command on the way to another one.
    pub async fn ask(&self, command: Command) -> Result<Answer, ApiError> {
        let request = self.request(command, None);
        Ok(self.principal.state.engine.execute(request).await?)
    }

    /// The same for what would count twice where the client asks again with its key: it is done once.
    pub async fn ask_once(&self, command: Command, part: &str) -> Result<Answer, ApiError> {
        let key = self.idempotency.as_ref().map(|whole| IdempotencyKey {
            key: format!("{}#{part}", whole.key),
            ..whole.clone()
        });
        let request = self.request(command, key);
        Ok(self.principal.state.engine.execute(request).await?)
    }

    /// The client's key for a request that is carried out once, if it has given one.
    pub fn key(&self) -> Option<&str> {
        self.idempotency.as_ref().map(|whole| &*whole.key)
    }

    /// Who asks.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// As what they ask the directory.
    pub fn asking(&self) -> Asking {
        self.principal.asking(&self.cause.0)
    }

    /// The organization they ask.
    pub fn state(&self) -> &State {
        &self.principal.state
    }

    /// The same, to keep.
    pub fn shared_state(&self) -> &Arc<State> {
        &self.principal.state
    }

    /// What it is now.
    pub fn model(&self) -> Arc<Model> {
        self.principal.state.engine.model()
    }

    /// An answer that is no entity.
    pub fn plain(&self, body: impl Serialize) -> HttpResponse {
        let cursor = self.model().cursor.to_string();
        HttpResponse::Ok()
            .insert_header((DEVTEAM_CURSOR, cursor))
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(body)
    }

    fn request(&self, command: Command, idempotency: Option<IdempotencyKey>) -> Request {
        Request {
            command,
            actor: self.principal.actor.clone(),
            member: self.principal.member,
            cause: self.cause.0.to_string(),
            sight: self.principal.sight,
            from: self.principal.from,
            idempotency,
        }
    }

    async fn run(mut self, mut command: Command) -> Result<Answer, ApiError> {
        let state = Arc::clone(&self.principal.state);
        self.condition
            .demand(&mut command, &state.engine.model().aggregate)?;
        let idempotency = self.idempotency.take();
        let request = self.request(command, idempotency);
        let sight = request.sight;
        let narrow = |entity| entity::narrow(&state.engine.model().aggregate, sight, entity);
        match state.engine.execute(request).await {
            Ok(mut answer) => {
                answer.entity = narrow(answer.entity);
                Ok(answer)
            }
            Err(Failure::Rejected { rejection, current }) => Err(Failure::Rejected {
                rejection,
                current: current.map(narrow),
            }
            .into()),
            Err(failure) => Err(failure.into()),
        }
    }
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
