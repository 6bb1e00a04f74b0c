//! Runs: how AI members come to work, and when they stop.

mod bounds;
mod follow;
mod hand;
mod money;
mod plan;
mod queue;
mod review;
mod work;

use std::sync::Arc;

use super::{
    Subject,
    draft::{Draft, changed},
};
use crate::{
    command::Command,
    error::{ErrorCode, Rejection},
    event::{ActorKind, EventBody},
    model::{Entity, Item, MemberKind, Run, RunState, Status},
    value::{Body, ItemId, MemberId, RunId, TokenId},
};

/// How many runs may lead to one another, each caused by the one before.
const DEPTH: u32 = 3;
/// After so many failures in a row, only a person starts the item again.
const FAILURES: u32 = 3;
/// Rejections after which nothing is queued by itself any more.
const ATTEMPTS: u32 = 3;

impl Draft<'_> {
    /// The run, or that there is none.
    fn run(&self, id: RunId) -> Result<Arc<Run>, Rejection> {
        let found = self.model.run(id);
        found
            .filter(|run| self.model.sees_run(self.context.sight, run))
            .cloned()
            .ok_or_else(|| Rejection::not_found("run", id))
    }

    /// The run as the one works it who made this claim. Whoever made an earlier one, or acts after the end, is refused.
    fn claimed(&self, id: RunId, fence: u64) -> Result<Arc<Run>, Rejection> {
        let run = self.run(id)?;
        if run.state == RunState::Running && run.claim == Some(fence) {
            return Ok(run);
        }
        let detail = match run.claim {
            Some(claim) => format!("The run was claimed anew, at {claim}: stop working it."),
            None => format!("The run is {}: stop working it.", run.state.as_str()),
        };
        Err(Rejection::new(ErrorCode::StaleClaim, detail))
    }

    /// What an agent does on the way is its own as long as the run is.
    pub(super) fn as_run(
        &mut self,
        id: RunId,
        fence: u64,
        command: &Command,
    ) -> Result<Subject, Rejection> {
        self.claimed(id, fence)?;
        self.acting = Some(id);
        self.check_sight(command)?;
        self.carry_out(command)
    }

    /// Makes a run what it is to be.
    fn put_run(&mut self, before: &Run, mut run: Run) {
        if run.state != RunState::Running {
            run.claim = None;
            // A call was under way. What it came to nobody will say any more, and the provider may charge all of it.
            run.cost = run.cost.saturating_add(std::mem::take(&mut run.reserved));
            run.effort.end(self.context.at);
        }
        let began_to_wait = run.waits_for_person() && run.state != before.state;
        if began_to_wait {
            let people = self.model.people_concerned(&run);
            run.concerns = (!people.is_empty()).then(|| people.into_iter().collect());
        } else if !run.waits_for_person() {
            run.concerns = None;
        }
        let changed = changed!(
            before, run, state, claim, worker, concerns, not_before, exchanges, result, proposals,
            reviewer, reason, failure, provider, model, usage, cost, reserved, effort,
        );
        if changed.is_empty() {
            return;
        }
        let is_charged = run.cost != before.cost;
        run.stamp.touch(self.context.at);
        let run = Box::new(run);
        self.emit(EventBody::RunUpdated { run, changed });
        if is_charged {
            self.put_alerts(before);
        }
    }

    /// Whether whoever acts is the one who works or worked this run.
    fn is_worker_of(&self, run: &Run) -> bool {
        let by_token = || match self.context.actor.kind {
            ActorKind::Token => run.worker.is_some_and(|token| self.is_token(token)),
            _ => false,
        };
        self.acting_agent() == Some(run.member) || by_token()
    }

    fn is_token(&self, token: TokenId) -> bool {
        self.context.actor.id.parse() == Ok(token)
    }

    /// The AI member that acts, if it is one.
    fn acting_agent(&self) -> Option<MemberId> {
        let is_agent = |id: &MemberId| {
            let member = self.model.any_member(*id);
            member.is_some_and(|stored| stored.value.kind == MemberKind::Agent)
        };
        let named = || match self.context.actor.kind {
            ActorKind::Agent => self.context.actor.id.parse().ok(),
            _ => None,
        };
        let in_run = || Some(self.model.any_run(self.acting?)?.member);
        in_run()
            .or_else(|| self.context.member.filter(is_agent))
            .or_else(named)
    }

    /// Ends a run before it was reviewed.
    fn cancel(&mut self, run: &Run, reason: &str) {
        let mut cancelled = run.clone();
        cancelled.state = RunState::Cancelled;
        cancelled.reason = reason
            .parse()
            .ok()
            .filter(|reason: &Body| !reason.is_empty());
        self.put_run(run, cancelled);
    }

    /// Ends the live runs of items that are about to go.
    pub(super) fn end_runs_of(&mut self, items: impl IntoIterator<Item = ItemId>, reason: &str) {
        for item in items {
            if let Some(run) = self.model.live_run_of(item).cloned() {
                self.cancel(&run, reason);
            }
        }
    }

    /// Ends the live runs of a member that is about to go. What it worked is to be done by somebody else.
    pub(super) fn end_runs_by(&mut self, member: MemberId) {
        let runs: Vec<Arc<Run>> = self
            .model
            .live_runs()
            .filter(|run| run.member == member)
            .cloned()
            .collect();
        for run in runs {
            self.cancel(&run, "The member that worked it was deleted.");
            self.put_back(run.item);
        }
    }

    /// A task that nobody works any more is to be done again; of itself, that wakes nobody.
    fn put_back(&mut self, item: ItemId) {
        let is_at_work = |item: &Item| matches!(item.status, Status::InProgress | Status::InReview);
        if self.model.item(item).is_some_and(|item| is_at_work(item)) {
            self.set_status(item, Status::Todo);
        }
    }

    /// Moves a task along with its run, which wakes nobody.
    fn set_status(&mut self, item: ItemId, status: Status) {
        let Some(before) = self.model.item(item).cloned() else {
            return;
        };
        if !status.fits(before.kind) {
            return;
        }
        let mut item = Item::clone(&before);
        item.status = status;
        self.quietly(|draft| draft.put_item(&before, item));
    }

    /// Does something that runs do not follow.
    pub(super) fn quietly<T>(&mut self, change: impl FnOnce(&mut Self) -> T) -> T {
        let was = std::mem::replace(&mut self.quiet, true);
        let done = change(self);
        self.quiet = was;
        done
    }
}

fn wrong_state(run: &Run, wanted: &str) -> Rejection {
    let detail = format!("The run is {}, and {wanted}.", run.state.as_str());
    Rejection::new(ErrorCode::WrongState, detail)
}

fn not_empty(text: &Body, pointer: &str) -> Result<(), Rejection> {
    if text.trim().is_empty() {
        let message = "must not be empty: write something";
        return Err(Rejection::field(ErrorCode::Validation, pointer, message));
    }
    Ok(())
}

/// Whether the member is an AI one.
fn is_agent(draft: &Draft<'_>, member: MemberId) -> bool {
    let member = draft.model.member(member);
    member.is_some_and(|member| member.kind == MemberKind::Agent)
}

/// The AI member that works an item, if one is assigned to it.
fn worker_of(draft: &Draft<'_>, item: &Item) -> Option<MemberId> {
    let mut assignees = item.assignees.iter().copied();
    assignees.find(|member| is_agent(draft, *member))
}

fn subject(run: &Run) -> Subject {
    Subject::Run(run.id())
}
