//! What the engine is sent.

use tokio::sync::oneshot;

use super::{Answer, Failure, Request};

/// A message to the engine's task.
pub(super) enum Message {
    Execute(Box<Pending>),
    /// Finish what came before and stop.
    Stop(oneshot::Sender<()>),
}

/// A command that somebody waits for.
pub(super) struct Pending {
    pub request: Request,
    pub reply: oneshot::Sender<Result<Verdict, Failure>>,
}

/// What a command came to.
#[derive(Debug, Clone)]
pub(super) enum Verdict {
    Done(Box<Answer>),
    /// The same request was carried out before; its answer is kept with the event at this position.
    Earlier {
        seq: u64,
    },
}
