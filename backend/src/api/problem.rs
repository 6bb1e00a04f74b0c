//! Every refusal over HTTP is one RFC 9457 problem.

use std::{fmt, time::Duration};

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use serde_json::Value;
use shared_types::error::{ErrorCode, Problem, Rejection};

use crate::engine::Failure;

/// Seconds after which it is worth trying again what could not be taken now.
const RETRY_AFTER_SECONDS: u64 = 1;

/// Why a request is refused. [`super::boundary()`] answers it, with the request's id.
#[derive(Debug, Clone)]
pub struct ApiError(Box<Refusal>);

#[derive(Debug, Clone)]
struct Refusal {
    rejection: Rejection,
    current: Option<Value>,
    allow: Option<String>,
    retry_after: Option<Duration>,
}

impl ApiError {
    /// Refused for this reason.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Rejection::new(code, detail).into()
    }

    /// Refused for the value of a query parameter or header.
    pub fn parameter(name: &str, message: impl Into<String>) -> Self {
        Rejection::field(ErrorCode::Validation, name, message).into()
    }

    /// The path is known, with these methods only.
    pub fn method_not_allowed(method: &str, allow: String) -> Self {
        let detail = format!("{method} is not possible here: use one of {allow}.");
        let mut error = Self::new(ErrorCode::MethodNotAllowed, detail);
        error.0.allow = Some(allow);
        error
    }

    /// To be tried again after so long.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// What stands for an answer with this status that carries no problem of its own.
    pub fn of_status(status: StatusCode, detail: impl Into<String>) -> Self {
        let code = ErrorCode::ALL
            .iter()
            .find(|code| code.status() == status.as_u16());
        let otherwise = if status.is_client_error() {
            ErrorCode::Malformed
        } else {
            ErrorCode::Internal
        };
        Self::new(code.copied().unwrap_or(otherwise), detail)
    }

    /// What kind of refusal.
    pub fn code(&self) -> ErrorCode {
        self.0.rejection.code
    }

    /// The refusal itself, for a transport that has messages instead of problems.
    pub fn rejection(&self) -> &Rejection {
        &self.0.rejection
    }

    /// The answer to the request with this id.
    pub fn response(&self, request_id: &str) -> HttpResponse {
        let problem = Problem {
            current: self.0.current.clone(),
            ..Problem::new(self.0.rejection.clone(), request_id)
        };
        let mut response = HttpResponseBuilder::new(self.status_code());
        if let Some(allow) = &self.0.allow {
            response.insert_header((header::ALLOW, allow.as_str()));
        }
        if self.0.rejection.code == ErrorCode::NotAuthenticated {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if problem.retryable {
            let wait = self
                .0
                .retry_after
                .map(|wait| wait.as_secs_f64().ceil().max(1.0) as u64);
            response.insert_header((header::RETRY_AFTER, wait.unwrap_or(RETRY_AFTER_SECONDS)));
        }
        response
            .insert_header((header::CONTENT_TYPE, "application/problem+json"))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(serde_json::to_vec(&problem).unwrap_or_default())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.rejection.fmt(f)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.rejection.code.status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        self.response("")
    }
}

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> Self {
        Self(Box::new(Refusal {
            rejection,
            current: None,
            allow: None,
            retry_after: None,
        }))
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Rejected { rejection, current } => {
                let mut error = Self::from(rejection);
                error.0.current = current;
                error
            }
            Failure::Unavailable(why) => Self::new(
                ErrorCode::Unavailable,
                format!("Nothing was written: {why}."),
            ),
            Failure::OutcomeUnknown => Self::new(
                ErrorCode::OutcomeUnknown,
                "It is not known whether this was written: send it again with the same Idempotency-Key.",
            ),
        }
    }
}
