//! From events to rows: a stretch of events becomes a [`Batch`], which is written in one transaction with the position.

mod batch;
mod incoming;
mod of_batch;
mod rows;
mod write;

pub use batch::Batch;
pub use incoming::Incoming;
pub(super) use of_batch::Rows;
pub(super) use rows::{moment, number};
pub(super) use write::forget;
