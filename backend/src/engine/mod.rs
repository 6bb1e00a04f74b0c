//! The engine: one task that owns one model, of an organization or of the directory.
//!
//! It drains its mailbox, decides the whole batch on a draft, appends it to the journal in one call, swaps the draft
//! in, publishes to the topic logs and answers. Everybody else reads what it published, through an [`Engine`].

mod aggregate;
mod batch;
mod clock;
mod draft;
mod follow;
mod freshness;
mod handle;
mod idempotency;
mod load;
mod mailbox;
mod metrics;
mod publish;
mod replay;
mod request;
mod save;
mod standing;
mod start;
mod task;
#[cfg(test)]
mod tests;
mod write;

use shared_types::{Organization, wire::Cursor};

pub use aggregate::Aggregate;
pub use handle::{Engine, Health, Position};
pub use load::LoadError;
pub use publish::{Published, Publisher};
pub use request::{Answer, Failure, IdempotencyKey, Request};
pub use save::{load_and_save, read_saved};
pub use standing::come_back;
pub use start::StartError;
pub(crate) use start::read_origin;

/// The model at a position. Readers hold one pointer to it.
#[derive(Debug, Clone)]
pub struct Model<A = Organization> {
    pub aggregate: A,
    pub cursor: Cursor,
}

/// An entity as REST answers it; null where it is not there. The engine is given one, so that an answer shows the
/// entity at the position of its own write and not of a later one.
pub type Render<A = Organization> = fn(&A, <A as Aggregate>::Subject) -> serde_json::Value;
