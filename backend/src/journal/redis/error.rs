use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::journal::{AppendError, ReadError};

/// Why Redis did not do something.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It was not asked: there is no connection.
    #[error("Redis can't be reached: {0}")]
    NoConnection(String),
    /// It has refused, and done nothing.
    #[error("Redis refuses: {0}")]
    Refused(String),
    /// It was asked and has not answered.
    #[error("Redis does not answer: {0}")]
    NoAnswer(String),
    /// It has answered something that makes no sense.
    #[error("in Redis there is something else than expected: {0}")]
    Nonsense(String),
}

impl From<RedisError> for Failure {
    fn from(error: RedisError) -> Self {
        let text = error.to_string();
        match error.kind() {
            ErrorKind::UnexpectedReturnType | ErrorKind::Parse => Self::Nonsense(text),
            // What a script has refused is refused before it has written anything.
            ErrorKind::Server(ServerErrorKind::TryAgain | ServerErrorKind::ExecAbort) => {
                Self::NoAnswer(text)
            }
            ErrorKind::Server(_) | ErrorKind::Extension | ErrorKind::AuthenticationFailed => {
                Self::Refused(text)
            }
            _ if error.is_connection_refusal() => Self::NoConnection(text),
            _ => Self::NoAnswer(text),
        }
    }
}

impl From<Failure> for AppendError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoConnection(_) | Failure::Refused(_) => {
                Self::Unavailable(failure.to_string())
            }
            Failure::NoAnswer(_) | Failure::Nonsense(_) => {
                Self::OutcomeUnknown(failure.to_string())
            }
        }
    }
}

impl From<Failure> for ReadError {
    fn from(failure: Failure) -> Self {
        Self(failure.to_string())
    }
}
