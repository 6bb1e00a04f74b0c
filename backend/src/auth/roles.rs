//! Which route asks for what: `docs/roles.md` is checked against it. Who may do that is [`Action::is_allowed`], which the
//! page has too.

mod doors;

pub use doors::{DOORS, Door, door, is_for_lent};
pub use shared_types::access::{Action, Standing};

#[cfg(test)]
mod tests;
