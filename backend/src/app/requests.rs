use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
};
use tracing::{Span, debug_span, field::Empty};
use tracing_actix_web::{DefaultRootSpanBuilder, RootSpanBuilder};

use crate::api::RequestId;

/// A span for each request, at debug level: at thousands of requests a second nobody reads them, and each costs as
/// much as the request's own work. Failures are logged by the boundary in any case.
pub(super) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    /// Without the query: somebody may have put a secret into it, which is then refused and must not be kept either.
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = request.extensions().get::<RequestId>().cloned();
        debug_span!(
            "HTTP request",
            http.method = %request.method(),
            http.path = %request.path(),
            request_id = id.as_ref().map(|id| &*id.0),
            http.status_code = Empty,
            otel.status_code = Empty,
            exception.message = Empty,
            exception.details = Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        DefaultRootSpanBuilder::on_request_end(span, outcome);
    }
}
