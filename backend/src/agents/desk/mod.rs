//! What a worker has of the board while it works a run: the same, whether the board is in this process or elsewhere.

mod brief;
mod hands;
mod here;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use shared_types::{
    command::WorkStep,
    model::{FailureReason, LogEntry},
};
use utoipa::ToSchema;

#[cfg(test)]
pub(super) use brief::brief;
pub use brief::{Brief, Mark};
pub use here::{Here, sight_of};

use super::{llm::Call, log::LogError};

/// A place to work one run at.
pub trait Desk: Send + Sync {
    /// What the model is told first. What a person has said yes to since the run was last worked is done before.
    fn begin(&self) -> BoxFuture<'_, Result<Brief, Broken>>;

    /// Adds to the run's log.
    fn write(&self, entries: Vec<LogEntry>) -> BoxFuture<'_, Result<(), Broken>>;

    /// Counts money or puts it aside, lets go of the run or gives it up.
    fn step(&self, step: WorkStep) -> BoxFuture<'_, Result<(), Broken>>;

    /// Carries out what the model wants, if the member may and it makes sense. `nth` is how often the model has said the
    /// very same since the claim, from 1: what makes something is done once for each, whoever asks again.
    fn use_tool<'a>(&'a self, call: &'a Call, nth: u32) -> BoxFuture<'a, Result<Used, Broken>>;

    /// Says again and again that the worker is there; ends when the run is not ours any more.
    fn hold(&self) -> BoxFuture<'_, ()>;
}

/// What came of a call of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Used {
    /// It was carried out: what is to be told to the model, as data.
    Answered { text: String },
    /// It could not be carried out, and why: to be told to the model.
    Refused { text: String },
    /// The run is handed in, or waits for a person: it is not yours any more.
    Ended,
    /// The run can't go on: give it up with this.
    Failed {
        failure: FailureReason,
        text: String,
    },
}

/// Why a run comes to nothing.
#[derive(Debug)]
pub enum Broken {
    /// It is not ours any more: somebody has cancelled it, or another has it.
    Lost,
    /// It fails.
    Failed(FailureReason, String),
}

impl From<LogError> for Broken {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Stale(_) => Broken::Lost,
            LogError::Broken(why) => Broken::Failed(FailureReason::Internal, why),
        }
    }
}
