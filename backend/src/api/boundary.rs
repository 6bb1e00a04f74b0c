//! What surrounds every request, whatever it is for: ids, problems, the cursor, HEAD.

use std::sync::Arc;

use actix_http::encoding::Encoder;
use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{BodySize, BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
};

use super::{
    ApiError, State,
    encoding::{self, Accepted},
    guard::Bystander,
    request_id::{RequestId, X_REQUEST_ID},
};
use crate::auth::Principal;

/// Where the line of events stood when this was answered.
pub const DEVTEAM_CURSOR: HeaderName = HeaderName::from_static("devteam-cursor");

/// As what whoever polls was answered, so that they notice when that changes.
pub const DEVTEAM_ROLE: HeaderName = HeaderName::from_static("devteam-role");

/// For how many seconds the journal could not be asked whether there is more.
const DEVTEAM_STALE: HeaderName = HeaderName::from_static("devteam-stale");

/// What every answer tells a browser: not to guess types, not to tell other sites where a link was, and to show it in
/// no frame of another site.
pub(super) const SAFETY: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
];
const NO_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";
const DESCRIPTION: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                           base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/// The outermost middleware. It gives the request its id, answers every refusal as a problem, errors of the framework
/// and answers without a body included, puts the
/// cursor on whatever does not carry one of its own, and compresses.
pub async fn boundary<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<Encoder<EitherBody<B>>>, Error> {
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    let is_api = request.path().starts_with("/api/");
    let is_description = request.path().starts_with("/api/v1/docs");
    let is_head = request.method() == Method::HEAD;
    if is_head {
        // The routes know GET; the protocol layer leaves the body out.
        request.head_mut().method = Method::GET;
    }
    // The app's files lie compressed already, harder than could be done now.
    let accepted = if is_api && !is_head {
        encoding::accepted(request.headers())
    } else {
        Accepted::default()
    };
    let response = next.call(request).await?;
    let state = state_of(&response);
    let mut response = match problem_of(&response) {
        Some(problem) => {
            log(&problem, &id);
            answer_instead(response, problem.response(&id.0))
        }
        // A HEAD that would stream for ever has no body to measure.
        None if is_head && response.response().body().size() == BodySize::Stream => {
            let status = response.status();
            answer_instead(response, HttpResponse::new(status))
        }
        None => response.map_into_left_body(),
    };

    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(HeaderName::from_static(X_REQUEST_ID), value);
    }
    if let Some(state) = state.filter(|_| is_api) {
        mark_position(headers, &state);
    }
    for (name, value) in SAFETY {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    // What is not the app is no page, save the one that describes the API.
    if is_api && !headers.contains_key(CONTENT_SECURITY_POLICY) {
        let policy = if is_description { DESCRIPTION } else { NO_PAGE };
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    Ok(response.map_body(|head, body| accepted.encode(head, body)))
}

/// The organization of whoever asked. Nobody is told where any of them stands.
fn state_of<B>(response: &ServiceResponse<B>) -> Option<Arc<State>> {
    let extensions = response.request().extensions();
    let bystander = || extensions.get().map(|Bystander(principal)| principal);
    let principal = extensions.get::<Principal>().or_else(bystander)?;
    Some(Arc::clone(&principal.state))
}

/// Where the line stands, and how long ago that was last known to be all there is.
fn mark_position(headers: &mut HeaderMap, state: &State) {
    if !headers.contains_key(DEVTEAM_CURSOR)
        && let Ok(value) = HeaderValue::from_str(&state.engine.model().cursor.to_string())
    {
        headers.insert(DEVTEAM_CURSOR, value);
    }
    let stale_seconds = state.engine.health().stale_seconds;
    if stale_seconds > 0 {
        headers.insert(DEVTEAM_STALE, stale_seconds.into());
    }
}

fn answer_instead<B>(
    response: ServiceResponse<B>,
    instead: HttpResponse<BoxBody>,
) -> ServiceResponse<EitherBody<B>> {
    let (request, _) = response.into_parts();
    ServiceResponse::new(request, instead).map_into_right_body()
}

/// The problem to answer with, where this is a refusal that does not describe itself yet.
fn problem_of<B: MessageBody>(response: &ServiceResponse<B>) -> Option<ApiError> {
    if let Some(error) = response.response().error() {
        let own = error.as_error::<ApiError>().cloned();
        let status = error.as_response_error().status_code();
        return Some(
            own.unwrap_or_else(|| {
                ApiError::of_status(status, describe(status, &error.to_string()))
            }),
        );
    }
    let status = response.status();
    let is_refusal = status.is_client_error() || status.is_server_error();
    let is_empty = matches!(
        response.response().body().size(),
        BodySize::None | BodySize::Sized(0)
    );
    (is_refusal && is_empty).then(|| ApiError::of_status(status, describe(status, "")))
}

fn describe(status: StatusCode, error: &str) -> String {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            "The body is larger than 1 MiB: send less at a time.".into()
        }
        StatusCode::NOT_FOUND => "There is nothing at this address.".into(),
        // What went wrong inside is for the log, not for whoever asks.
        _ if status.is_server_error() || error.is_empty() => {
            status
                .canonical_reason()
                .unwrap_or("The request was refused")
                .to_owned()
                + "."
        }
        StatusCode::BAD_REQUEST => {
            "The body can't be read: it is cut short, or not encoded as it says.".into()
        }
        _ => format!("The request is refused: {error}."),
    }
}

fn log(problem: &ApiError, id: &RequestId) {
    if problem.code().status() >= 500 {
        tracing::error!(request_id = %id.0, %problem, "a request failed");
    } else {
        tracing::debug!(request_id = %id.0, %problem, "a request was refused");
    }
}
