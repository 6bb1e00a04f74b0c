//! What people say to a run.

use super::{not_empty, subject, wrong_state};
use crate::{
    command::AnswerRun,
    decide::{Subject, draft::Draft},
    error::{ErrorCode, Rejection},
    model::{Item, ProposalState, Run, RunKind, RunState, Status},
    value::{Body, RunId},
};

impl Draft<'_> {
    pub(in crate::decide) fn cancel_run(
        &mut self,
        id: RunId,
        reason: &Body,
    ) -> Result<Subject, Rejection> {
        let run = self.run(id)?;
        if !run.state.is_live() {
            return Err(wrong_state(&run, "is over already"));
        }
        self.cancel(&run, reason);
        self.put_back(run.item);
        Ok(subject(&run))
    }

    pub(in crate::decide) fn answer_run(
        &mut self,
        id: RunId,
        answer: &AnswerRun,
    ) -> Result<Subject, Rejection> {
        let run = self.run(id)?;
        let asks = run.open_question().is_some() && run.state == RunState::AwaitingInput;
        if !asks {
            return Err(wrong_state(&run, "asks nothing"));
        }
        if self.acting_agent().is_some() || self.is_worker_of(&run) {
            let detail = "A person answers what an agent asks.";
            return Err(Rejection::new(ErrorCode::Forbidden, detail));
        }
        let mut answered = Run::clone(&run);
        let Some(exchange) = answered.exchanges.last_mut() else {
            return Err(wrong_state(&run, "asks nothing"));
        };
        if exchange.tool.is_some() {
            let refuse = |message| Rejection::field(ErrorCode::Validation, "/approve", message);
            let missing = "must be given: it asks whether it may use a tool";
            exchange.approved = Some(answer.approve.ok_or_else(|| refuse(missing))?);
        } else {
            not_empty(&answer.answer, "/answer")?;
        }
        exchange.answer = Some(answer.answer.clone());
        exchange.by = self.context.member;
        answered.state = RunState::Queued;
        self.put_run(&run, answered);
        Ok(subject(&run))
    }

    pub(in crate::decide) fn accept_run(&mut self, id: RunId) -> Result<Subject, Rejection> {
        let run = self.reviewed(id)?;
        match run.kind {
            RunKind::Work => {
                self.accept(&run);
                self.set_status(run.item, Status::Done);
            }
            RunKind::Plan => self.accept_all(&run)?,
        }
        Ok(subject(&run))
    }

    pub(in crate::decide) fn reject_run(
        &mut self,
        id: RunId,
        reason: &Body,
    ) -> Result<Subject, Rejection> {
        let run = self.reviewed(id)?;
        not_empty(reason, "/reason")?;
        self.reject(&run, reason);
        if run.kind == RunKind::Work {
            self.set_status(run.item, Status::Todo);
        }
        Ok(subject(&run))
    }

    /// The run, if it waits to be reviewed and this is not the one who did it.
    pub(super) fn reviewed(&self, id: RunId) -> Result<std::sync::Arc<Run>, Rejection> {
        let run = self.run(id)?;
        if run.state != RunState::AwaitingReview {
            return Err(wrong_state(&run, "does not wait to be reviewed"));
        }
        if self.is_worker_of(&run) {
            let detail = "Who did the work does not review it: ask somebody else.";
            return Err(Rejection::new(ErrorCode::Forbidden, detail));
        }
        Ok(run)
    }

    /// Refuses an agent that would call its own work done.
    pub(in crate::decide) fn check_not_own_review(
        &self,
        item: &Item,
        status: Status,
    ) -> Result<(), Rejection> {
        let latest = item.run.and_then(|run| self.model.run(run.id));
        if status == Status::Done && latest.is_some_and(|run| self.is_worker_of(run)) {
            let detail =
                "Who did the work does not call it done: submit it, and wait for a review.";
            return Err(Rejection::new(ErrorCode::Forbidden, detail));
        }
        Ok(())
    }

    pub(super) fn accept(&mut self, run: &Run) {
        let mut accepted = run.clone();
        accepted.state = RunState::Accepted;
        accepted.reviewer = self.context.member;
        self.put_run(run, accepted);
    }

    /// Rejects a run and queues the next attempt, which sees why.
    pub(super) fn reject(&mut self, run: &Run, reason: &str) {
        let mut rejected = run.clone();
        rejected.state = RunState::Rejected;
        rejected.reviewer = self.context.member;
        rejected.reason = reason.parse().ok();
        for proposal in &mut rejected.proposals {
            if proposal.state == ProposalState::Open {
                proposal.state = ProposalState::Dismissed;
            }
        }
        let item = run.item;
        self.put_run(run, rejected);
        if self.model.live_run_of(item).is_none() {
            self.queue_next(run);
        }
    }
}
