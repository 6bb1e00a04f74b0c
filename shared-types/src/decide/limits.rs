//! How many there may be of what. Lengths of text are with the types in [`crate::value`].

use crate::error::{ErrorCode, Rejection};

pub(super) const PROJECTS: usize = 10_000;
pub(super) const MEMBERS: usize = 10_000;
pub(super) const TEAMS_OF_A_PROJECT: usize = 200;
pub(super) const ITEMS_OF_A_PROJECT: usize = 200_000;
pub(super) const LABELS: usize = 20;
pub(super) const ASSIGNEES: usize = 20;
pub(super) const ACCEPTANCE: usize = 50;
pub(super) const DEPENDENCIES: usize = 50;
/// Questions of a run.
pub(super) const EXCHANGES: usize = 20;
/// Of a planning run.
pub(super) const PROPOSALS: usize = 50;
/// Of a result.
pub(super) const LINKS: usize = 20;
pub(super) const LINK_BYTES: usize = 2_000;
/// How long what was deleted can be restored: 30 days.
pub(super) const RESTORE_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Refuses a list that is too long.
pub(super) fn check(field: &str, length: usize, most: usize) -> Result<(), Rejection> {
    if length <= most {
        return Ok(());
    }
    let message =
        format!("must have at most {most} entries, this would have {length}: remove some");
    Err(Rejection::field(
        ErrorCode::Validation,
        &format!("/{field}"),
        message,
    ))
}

/// Refuses one more where there are as many as there may be.
pub(super) fn check_count(what: &str, count: usize, most: usize) -> Result<(), Rejection> {
    if count < most {
        return Ok(());
    }
    let detail = format!(
        "There are {count} {what} already, and no more than {most} are possible: delete some first."
    );
    Err(Rejection::new(ErrorCode::LimitReached, detail))
}
