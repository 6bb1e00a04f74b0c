//! One table of error codes, for REST (RFC 9457 problems) and for the messages of the live protocol.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{decide::Subject, json::read_fields};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal, $title:literal, $retryable:literal;)*) => {
        /// What went wrong, as a word a program can act on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
            /// A code of a later version.
            #[serde(rename = "other")]
            Other,
        }

        impl ErrorCode {
            /// Every code there is.
            pub const ALL: &[ErrorCode] = &[$(ErrorCode::$name),*];

            /// The word itself.
            pub fn as_str(self) -> &'static str {
                match self { $(ErrorCode::$name => $code,)* ErrorCode::Other => "other" }
            }

            /// The HTTP status it answers with.
            pub fn status(self) -> u16 {
                match self { $(ErrorCode::$name => $status,)* ErrorCode::Other => 500 }
            }

            /// What it means, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(ErrorCode::$name => $title,)* ErrorCode::Other => "Another error" }
            }

            /// Whether the same request may succeed later as it is.
            pub fn is_retryable(self) -> bool {
                match self { $(ErrorCode::$name => $retryable,)* ErrorCode::Other => false }
            }
        }
    };
}

codes! {
    /// The request is no HTTP or no JSON that can be read.
    Malformed = "malformed", 400, "The request can't be read", false;
    /// A cursor that does not parse.
    InvalidCursor = "invalid_cursor", 400, "Not a cursor", false;
    /// A message of the WebSocket that can't be read.
    BadMessage = "bad_message", 400, "The message can't be read", false;
    /// A message of a type that the server does not know.
    UnknownMessage = "unknown_message", 400, "Unknown message type", false;
    /// Nobody is signed in, or no longer.
    NotAuthenticated = "not_authenticated", 401, "Not signed in", false;
    /// Signed in, but not allowed.
    Forbidden = "forbidden", 403, "Not allowed", false;
    /// There is no such thing, or none that you may see.
    NotFound = "not_found", 404, "Not found", false;
    /// The path is known, with other methods.
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed", false;
    /// The request, its head or its body, did not come in time.
    RequestTimeout = "request_timeout", 408, "The request came too slowly", true;
    /// The id chosen for a new entity is in use.
    IdTaken = "id_taken", 409, "The id is taken", false;
    /// The slug asked for is in use.
    SlugTaken = "slug_taken", 409, "The slug is taken", false;
    /// The project key asked for is or was in use.
    KeyTaken = "key_taken", 409, "The key is taken", false;
    /// An epic or feature can't be closed over open work.
    OpenWork = "open_work", 409, "There is open work under it", false;
    /// A parent of the wrong kind or place.
    InvalidParent = "invalid_parent", 409, "Not a possible parent", false;
    /// A team of another project.
    InvalidTeam = "invalid_team", 409, "Not a possible team", false;
    /// An assignee that is not in the item's team.
    InvalidAssignee = "invalid_assignee", 409, "Not a possible assignee", false;
    /// Items that would wait for each other.
    DependencyCycle = "dependency_cycle", 409, "Dependencies in a circle", false;
    /// One more would be too many.
    LimitReached = "limit_reached", 409, "A limit is reached", false;
    /// What contains it is deleted, so it can't be restored by itself.
    ContainerDeleted = "container_deleted", 409, "What contains it is deleted", false;
    /// It is not deleted, so there is nothing to restore.
    NotDeleted = "not_deleted", 409, "It is not deleted", false;
    /// An organization must have an owner.
    LastOwner = "last_owner", 409, "The only owner", false;
    /// An item has at most one run that something may still come of.
    RunAlive = "run_alive", 409, "There is a run already", false;
    /// The run is not in a state in which that can be done.
    WrongState = "wrong_state", 409, "Not in a state for that", false;
    /// The run is not this worker's any more.
    StaleClaim = "stale_claim", 409, "The claim is not the current one", false;
    /// The AI member has as many runs as it may.
    AgentBusy = "agent_busy", 409, "The AI member is busy", true;
    /// All AI members are stopped.
    AgentsStopped = "agents_stopped", 409, "The AI members are stopped", false;
    /// A budget or limit would be passed.
    BudgetExceeded = "budget_exceeded", 409, "Over the budget", false;
    /// The item failed three times; only a person may start it again.
    CircuitOpen = "circuit_open", 409, "It failed too often", false;
    /// It was deleted more than 30 days ago.
    RestoreExpired = "restore_expired", 409, "Too late to restore", false;
    /// The entity has changed since the version in `If-Match`.
    VersionMismatch = "version_mismatch", 412, "It has changed meanwhile", false;
    /// The body is larger than 1 MiB.
    TooLarge = "too_large", 413, "Too large", false;
    /// The body is not JSON by its content type.
    UnsupportedMediaType = "unsupported_media_type", 415, "Not a type that can be read", false;
    /// A field of the request is wrong.
    Validation = "validation", 422, "A field is wrong", false;
    /// The idempotency key was used with another request.
    IdempotencyKeyReused = "idempotency_key_reused", 422, "The idempotency key was used for something else", false;
    /// A list can be patched only by one who names the version that was read.
    PreconditionRequired = "precondition_required", 428, "If-Match is required", false;
    /// The request's address and headers are larger than 128 KiB.
    HeadTooLarge = "head_too_large", 431, "The head of the request is too large", false;
    /// More than the limits allow.
    TooManyRequests = "too_many_requests", 429, "Too many requests", true;
    /// A defect of the server; it is logged.
    Internal = "internal", 500, "Something went wrong", false;
    /// Nothing was written; the same request may succeed later.
    Unavailable = "unavailable", 503, "Not available now", true;
    /// It may have been written: retry with the same idempotency key.
    OutcomeUnknown = "outcome_unknown", 503, "The outcome is not known", true;
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let known = ErrorCode::ALL.iter().find(|code| code.as_str() == word);
        Ok(known.copied().unwrap_or(ErrorCode::Other))
    }
}

// The derive can't see the names that the macro gives the variants.
#[cfg(feature = "schema")]
impl utoipa::PartialSchema for ErrorCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let words = ErrorCode::ALL.iter().map(|code| code.as_str());
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("What went wrong, as a word a program can act on."))
            .enum_values(Some(words))
            .into()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for ErrorCode {}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Which: a JSON pointer into the body (`/acceptance/2/text`), or the name of a query parameter or header.
    pub pointer: String,
    /// `unknown_field`, `missing_field` or `invalid_value`.
    pub code: String,
    /// What is wrong and what to do about it.
    pub message: String,
}

read_fields!(FieldError {
    pointer,
    code,
    message
});

impl FieldError {
    /// A value that can't be taken.
    pub fn invalid(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code: "invalid_value".into(),
            message: message.into(),
        }
    }
}

/// Why a command was refused. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?}: {detail}")]
pub struct Rejection {
    pub code: ErrorCode,
    /// What is wrong and what to do about it, for a person.
    pub detail: String,
    pub errors: Vec<FieldError>,
    /// With `version_mismatch`: the entity to show as it is now.
    pub subject: Option<Subject>,
}

impl Rejection {
    /// Refused for this reason.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            subject: None,
        }
    }

    /// Refused for the value of one field.
    pub fn field(code: ErrorCode, pointer: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let detail = format!("{}: {message}", pointer.trim_start_matches('/'));
        Self {
            code,
            detail,
            errors: vec![FieldError::invalid(pointer, message)],
            subject: None,
        }
    }

    /// There is no such thing.
    pub fn not_found(what: &str, name: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::NotFound, format!("There is no {what} {name}."))
    }

    /// The item named is still open under one that was to be closed.
    pub fn open_work(key: impl std::fmt::Display) -> Self {
        Self::new(
            ErrorCode::OpenWork,
            format!("{key} under it is still open: finish or cancel it first."),
        )
    }
}

/// An RFC 9457 problem: every refusal over HTTP.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI for the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong and what to do about it.
    pub detail: String,
    pub code: ErrorCode,
    /// Whether the same request may succeed later as it is.
    pub retryable: bool,
    /// As in the server's logs and in `X-Request-Id`.
    pub request_id: String,
    /// The wrong fields, if that is what it is about.
    #[serde(default)]
    pub errors: Vec<FieldError>,
    /// With `version_mismatch`: the entity as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<serde_json::Value>,
}

impl Problem {
    /// The problem of a refusal.
    pub fn new(rejection: Rejection, request_id: impl Into<String>) -> Self {
        let code = rejection.code;
        Self {
            kind: format!("urn:devteam:problem:{}", code.as_str()),
            title: code.title().into(),
            status: code.status(),
            detail: rejection.detail,
            code,
            retryable: code.is_retryable(),
            request_id: request_id.into(),
            errors: rejection.errors,
            current: None,
        }
    }
}
