//! What the engine is sent.

use tokio::sync::oneshot;

use super::{Answer, Failure, Request, aggregate::Aggregate};
use crate::journal::Head;

/// A message to the engine's task.
pub(super) enum Message<A: Aggregate> {
    Execute(Box<Pending<A>>),
    /// Finish what came before, stop, and tell where the line ended.
    Stop(oneshot::Sender<Head>),
}

/// A command that somebody waits for.
pub(super) struct Pending<A: Aggregate> {
    pub request: Request<A>,
    pub reply: oneshot::Sender<Result<Verdict<A>, Failure>>,
}

/// What a command came to.
#[derive(Debug, Clone)]
pub(super) enum Verdict<A: Aggregate> {
    Done(Box<Answer<A>>),
    /// The same request was carried out before; its answer is kept with the event at this position.
    Earlier {
        seq: u64,
    },
}
