//! REST: thin handlers by resource. Extract, hand to the engine, answer.
//!
//! A route is registered together with its description (in `openapi`), so that none can be without one. What all
//! requests share is in [`boundary()`]; who a request acts for and whether it may, in `guard`.

mod access;
mod activity;
mod asyncapi;
mod body;
mod boundary;
mod comments;
mod documents;
pub(crate) mod encoding;
mod entity;
mod find;
mod guard;
mod history;
mod input;
mod items;
mod members;
mod model;
mod openapi;
mod organization;
mod page;
mod path;
mod precondition;
mod problem;
mod projects;
mod providers;
mod read;
mod request_id;
mod runs;
mod state;
mod teams;
mod unique;
mod unknown;
mod unparsed;
mod write;

use actix_web::{
    HttpResponse,
    dev::HttpServiceFactory,
    middleware::from_fn,
    web::{self, PayloadConfig},
};
use utoipa_actix_web::{OpenApiFactory, scope::scope};

pub use body::Body;
pub use boundary::{DEVTEAM_CURSOR, DEVTEAM_ROLE, boundary};
pub use entity::render;
pub use guard::{admit, nobody, refuse_secrets_in_address};
pub use precondition::Condition;
pub use problem::ApiError;
pub use read::{Read, parse_query};
pub use request_id::RequestId;
pub use state::State;
pub use unparsed::HttpStream;
pub use write::Reply;

/// What a request body may have at most.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How every route is described (OpenAPI).
pub fn description() -> &'static serde_json::Value {
    openapi::document()
}

/// Everything under `/api`. It wants [`State`] in the application's data and [`boundary()`] around it.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(version_1())
        .service(web::scope("/api").default_service(web::to(|| async {
        Err::<HttpResponse, _>(ApiError::new(
            shared_types::ErrorCode::NotFound,
            "There is nothing at this address: the API is at /api/v1, described at /api/v1/docs/.",
        ))
    })));
}

/// `/api/v1`, which is also what is described.
fn version_1() -> impl HttpServiceFactory + OpenApiFactory + 'static {
    scope("/api/v1")
        .app_data(PayloadConfig::new(MAX_BODY_BYTES))
        .configure(organization::configure)
        .configure(projects::configure)
        .configure(history::configure)
        .configure(teams::configure)
        .configure(members::configure)
        .configure(items::configure)
        .configure(comments::configure)
        .configure(runs::configure)
        .configure(providers::configure)
        .configure(activity::configure)
        .configure(model::configure)
        .configure(access::configure)
        .configure(crate::live::configure)
        .configure(documents::configure)
        .map(|scope| {
            documents::configure_browser(scope)
                .default_service(web::to(unknown::refuse))
                .wrap(from_fn(guard::guard))
        })
}

#[cfg(test)]
mod tests;
