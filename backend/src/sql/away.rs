//! Whether a database is away for now, or refuses for good.

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// Whether trying again may help: nothing answers, the connection broke, or the server is starting, stopping or full. (The
/// codes are of PostgreSQL's appendix A.)
pub fn is_away(error: &DbErr) -> bool {
    let of_sqlx = match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => error,
        DbErr::ConnectionAcquire(_) => return true,
        _ => return false,
    };
    match &**of_sqlx {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            // Connection exceptions, insufficient resources, operator intervention.
            ["08", "53", "57"]
                .iter()
                .any(|class| code.starts_with(class))
        }),
        _ => false,
    }
}
