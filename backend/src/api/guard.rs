//! The lock of every door under `/api/v1`: who asks, whether they may, and whether the request is really theirs.

use std::future::{Ready, ready};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{Payload, RequestHead, ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web::Data,
};
use shared_types::{ErrorCode, directory::Lent};

use super::ApiError;
use crate::auth::{Action, Auth, Origin, Principal, client_address, roles};

/// Surrounds the routes. What it lets through has a [`Principal`], save where nobody needs to be anybody.
pub(super) async fn guard<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let recognised = match request.app_data::<Data<Auth>>() {
        Some(auth) => auth.recognise(request.head()).await,
        None => Err(broken()),
    };
    match recognised.and_then(|()| admit_to_routes(&request)) {
        Ok(admitted) => {
            match admitted {
                Admitted::Through(Some(principal)) => {
                    request.extensions_mut().insert(principal);
                }
                Admitted::ToBeRefused(Some(principal)) => {
                    request.extensions_mut().insert(Bystander(principal));
                }
                Admitted::Through(None) | Admitted::ToBeRefused(None) => {}
            }
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(refusal) => Ok(request.error_response(refusal).map_into_right_body()),
    }
}

/// Whether a request goes on.
enum Admitted {
    /// Through a door of the table, as this one.
    Through(Option<Principal>),
    /// To where it is told that there is no such path or method. Should a route take it all the same, it is nobody's.
    ToBeRefused(Option<Principal>),
}

/// Somebody who asks for what there is not: known, so that they are told where their organization stands.
pub(super) struct Bystander(pub Principal);

fn admit_to_routes(request: &ServiceRequest) -> Result<Admitted, ApiError> {
    let auth = request.app_data::<Data<Auth>>().ok_or_else(broken)?;
    let head = request.head();
    refuse_secrets_in_address(head)?;
    let pattern = request.match_pattern().unwrap_or_default();
    let action = match pattern.strip_prefix("/api/v1/docs") {
        Some(_) => Some(Action::Enter),
        None => roles::door(head.method.as_str(), &pattern),
    };
    match action {
        Some(Action::Enter) => {
            check_origin(auth, head, None)?;
            if is_write(head) {
                auth.check_write(None, client_address(head, &auth.policy.proxies))?;
            }
            // Whoever is somebody is told where their organization stands.
            let principal = auth.authenticate(head).unwrap_or_default();
            Ok(Admitted::Through(principal))
        }
        Some(action) => {
            let principal = enter(auth, head, action)?;
            if let Some(lent) = principal.lent() {
                check_lent(request, &pattern, lent, &principal)?;
            }
            Ok(Admitted::Through(Some(principal)))
        }
        None if super::unknown::is_route(head) => Err(ApiError::new(
            ErrorCode::Internal,
            "It is not said who may do this.",
        )),
        // The routes say what is wrong with the path or the method.
        None => {
            let principal = auth.authenticate(head).unwrap_or_default();
            Ok(Admitted::ToBeRefused(principal))
        }
    }
}

/// Lets a request for `/mcp` in where its principal may do this. What comes of it goes by the routes, which look at what a
/// token that was lent for a run is good for.
pub async fn admit(request: &HttpRequest, action: Action) -> Result<Principal, ApiError> {
    let auth = request.app_data::<Data<Auth>>().ok_or_else(broken)?;
    let head = request.head();
    refuse_secrets_in_address(head)?;
    auth.recognise(head).await?;
    enter(auth, head, action)
}

/// A token that was lent for a run is good for what its worker does with it, while it is that worker's.
fn check_lent(
    request: &ServiceRequest,
    pattern: &str,
    lent: Lent,
    principal: &Principal,
) -> Result<(), ApiError> {
    let named = request.path().strip_prefix("/api/v1/runs/");
    let named = named.and_then(|rest| rest.split('/').next());
    let is_of_run = named.and_then(|run| run.parse().ok()) == Some(lent.run);
    if !is_of_run || !roles::is_for_lent(request.method().as_str(), pattern) {
        return Err(for_its_run_alone());
    }
    let model = principal.state.engine.model();
    let run = model.aggregate.run(lent.run);
    if run.is_some_and(|run| run.claim == Some(lent.claim)) {
        return Ok(());
    }
    let detail = "The run was claimed anew, or is over: this token is of no use any more.";
    Err(ApiError::new(ErrorCode::StaleClaim, detail))
}

fn for_its_run_alone() -> ApiError {
    let detail = "This token is good for working one run, and for nothing else.";
    ApiError::new(ErrorCode::Forbidden, detail)
}

/// Who sends a request, if they may do this and the request is really theirs.
fn enter(auth: &Auth, head: &RequestHead, action: Action) -> Result<Principal, ApiError> {
    let principal = auth.authenticate(head)?.ok_or_else(nobody)?;
    check_origin(auth, head, Some(&principal))?;
    principal.demand(action)?;
    if is_write(head) {
        auth.check_write(Some(&principal), principal.from)?;
    }
    Ok(principal)
}

fn broken() -> ApiError {
    ApiError::new(ErrorCode::Internal, "The server is not put together.")
}

/// Addresses are logged, kept and passed on: what proves who somebody is must not stand in one.
pub fn refuse_secrets_in_address(head: &RequestHead) -> Result<(), ApiError> {
    const NAMES: [&str; 5] = ["token", "access_token", "authorization", "bearer", "secret"];
    let query = head.uri.query().unwrap_or_default();
    let mut names = query
        .split('&')
        .map(|pair| pair.split('=').next().unwrap_or_default());
    if names.any(|name| NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))) {
        let detail = "A token in an address is seen by everyone who sees the address, so it is not taken: send \
                      `Authorization: Bearer`, or the message `authenticate` on a WebSocket. Revoke this one.";
        return Err(ApiError::new(ErrorCode::NotAuthenticated, detail));
    }
    Ok(())
}

/// A page of another site can make a browser send what it likes, with the cookies of whoever looks at it.
fn check_origin(
    auth: &Auth,
    head: &RequestHead,
    principal: Option<&Principal>,
) -> Result<(), ApiError> {
    if !is_write(head) {
        return Ok(());
    }
    let shows_cookie = head.headers.contains_key(header::COOKIE);
    let is_session = principal.is_some_and(|principal| principal.session().is_some());
    let refused = match auth.policy.origins.of(&head.headers) {
        Origin::Own => false,
        Origin::Allowed => principal.is_some_and(Principal::is_ambient) || shows_cookie,
        // A browser says where a write comes from.
        Origin::Unsaid => is_session,
        Origin::Foreign => true,
    };
    if refused {
        let detail = "This comes from a page of another site, or a browser's session without an Origin: only this \
                      server's own pages write with it. Programs use a token.";
        return Err(ApiError::new(ErrorCode::Forbidden, detail));
    }
    Ok(())
}

fn is_write(head: &RequestHead) -> bool {
    !matches!(head.method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Nobody is signed in.
pub fn nobody() -> ApiError {
    let detail = "Nobody is signed in: sign in with POST /api/v1/session, or send a token as `Authorization: Bearer`.";
    ApiError::new(ErrorCode::NotAuthenticated, detail)
}

impl Principal {
    /// The principal of a request that has come by way of the routes.
    pub fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        request
            .extensions()
            .get::<Self>()
            .cloned()
            .ok_or_else(nobody)
    }
}

impl FromRequest for Principal {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}
