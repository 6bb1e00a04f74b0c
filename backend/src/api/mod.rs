//! REST: thin handlers by resource. Extract, hand to the engine, answer.

mod boundary;
mod history;
mod principal;
mod problem;
mod request_id;
mod state;

pub use boundary::{DEVTEAM_CURSOR, boundary};
pub use principal::Principal;
pub use problem::ApiError;
pub use request_id::RequestId;
pub use state::State;
