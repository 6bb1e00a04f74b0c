//! Choosing a slug.

use crate::{
    error::{ErrorCode, Rejection},
    value::Slug,
};

/// The slug asked for, if it is free, else one made from the name.
pub(super) fn choose(
    asked: Option<&Slug>,
    name: &str,
    fallback: &str,
    number: usize,
    taken: impl Fn(&Slug) -> bool,
) -> Result<Slug, Rejection> {
    if let Some(slug) = asked {
        check_free(slug, taken)?;
        return Ok(slug.clone());
    }
    let mut candidates = Slug::candidates(name, fallback, number);
    candidates
        .find(|slug| !taken(slug))
        .ok_or_else(|| Rejection::field(ErrorCode::SlugTaken, "/slug", "none is free: choose one"))
}

/// Refuses a slug that another live entity has.
pub(super) fn check_free(slug: &Slug, taken: impl Fn(&Slug) -> bool) -> Result<(), Rejection> {
    if taken(slug) {
        let message = format!("{slug} is taken: choose another");
        return Err(Rejection::field(ErrorCode::SlugTaken, "/slug", message));
    }
    Ok(())
}
