//! How a run comes to be queued.

use super::{ATTEMPTS, DEPTH, FAILURES, is_agent, worker_of, wrong_state};
use crate::{
    command::NewRun,
    decide::{Subject, draft::Draft},
    error::{ErrorCode, Rejection},
    event::EventBody,
    model::{Effort, Entity, Item, ItemKind, Run, RunKind, RunState, Status, Usage},
    topic::ItemRef,
    value::{ItemId, MemberId, RunId, Timestamp},
};

/// What is special about a run to be queued.
#[derive(Default)]
pub(super) struct Queued {
    pub id: Option<RunId>,
    /// The attempt before it.
    pub attempt: u32,
    pub depth: u32,
    pub failures: u32,
    pub not_before: Option<Timestamp>,
}

impl Draft<'_> {
    pub(in crate::decide) fn start_run(
        &mut self,
        name: &ItemRef,
        new: &NewRun,
    ) -> Result<Subject, Rejection> {
        let item = self.item(name)?;
        let member = match &new.member {
            Some(name) => {
                let found = self.find_member(name).map(|member| member.id());
                let found = found.filter(|member| is_agent(self, *member));
                found.ok_or_else(|| no_worker(&format!("{name} is no AI member: name one")))?
            }
            None => worker_of(self, &item)
                .ok_or_else(|| no_worker("no AI member is assigned: name one"))?,
        };
        self.check_startable(&item, member)?;
        if item.kind == ItemKind::Task && !item.assignees.contains(&member) {
            self.quietly(|draft| draft.assign(name, &member.into(), None))?;
        }
        let run = self.queue(
            item.id(),
            member,
            Queued {
                id: new.id,
                depth: self.depth_of_actor() + 1,
                ..Queued::default()
            },
        )?;
        Ok(Subject::Run(run))
    }

    /// Another attempt of the same member.
    pub(in crate::decide) fn retry_run(&mut self, id: RunId) -> Result<Subject, Rejection> {
        let run = self.run(id)?;
        let item = self.item(&run.item.into())?;
        if self.acting_agent().is_some() || self.is_worker_of(&run) {
            let detail = "An agent can't have a run tried again: ask a person.";
            return Err(Rejection::new(ErrorCode::Forbidden, detail));
        }
        if self.model.member(run.member).is_none() {
            let detail = "The member that worked it is deleted: start a run of another one.";
            return Err(Rejection::new(ErrorCode::WrongState, detail));
        }
        self.check_startable(&item, run.member)?;
        if item.run.is_some_and(|latest| latest.id != id) {
            return Err(wrong_state(&run, "there is a later one: retry that"));
        }
        if item.kind == ItemKind::Task && !item.assignees.contains(&run.member) {
            let member = run.member.into();
            self.quietly(|draft| draft.assign(&run.item.into(), &member, None))?;
        }
        self.put_back(run.item);
        let again = Queued {
            attempt: run.attempt,
            depth: 1,
            ..Queued::default()
        };
        let run = self.queue(run.item, run.member, again)?;
        Ok(Subject::Run(run))
    }

    fn check_startable(&self, item: &Item, member: MemberId) -> Result<(), Rejection> {
        if let Some(run) = self.model.live_run_of(item.id()) {
            let detail = format!(
                "{} has a run that is {}: wait for it, or cancel it.",
                item.key,
                run.state.as_str()
            );
            return Err(Rejection::new(ErrorCode::RunAlive, detail));
        }
        if item.status.is_over() {
            let detail = format!("{} is {}: open it first.", item.key, item.status.as_str());
            return Err(Rejection::new(ErrorCode::WrongState, detail));
        }
        let Some(agent) = self.acting_agent() else {
            return Ok(());
        };
        if agent == member {
            let detail = "An agent can't start a run of its own.";
            return Err(Rejection::new(ErrorCode::Forbidden, detail));
        }
        if self.depth_of_actor() >= DEPTH {
            let detail = format!("{DEPTH} runs have led to one another: a person starts the next.");
            return Err(Rejection::new(ErrorCode::Forbidden, detail));
        }
        if self.failures_of(item) >= FAILURES {
            let detail = format!(
                "{} failed {FAILURES} times: a person has to start it again.",
                item.key
            );
            return Err(Rejection::new(ErrorCode::CircuitOpen, detail));
        }
        Ok(())
    }

    /// A task that is to be done has got an AI member: that begins, if it is to begin by itself.
    pub(super) fn wake(&mut self, item: &Item) {
        let Some(member) = worker_of(self, item) else {
            return;
        };
        let profile = self
            .model
            .member(member)
            .and_then(|member| member.agent.clone());
        let starts = profile.is_some_and(|profile| profile.auto_start);
        if !starts || self.check_startable(item, member).is_err() {
            return;
        }
        let failures = match self.acting_agent() {
            Some(_) => self.failures_of(item),
            None => 0,
        };
        let depth = self.depth_of_actor() + 1;
        let queued = Queued {
            depth,
            failures,
            ..Queued::default()
        };
        // Without an id that was asked for, nothing is in its way.
        let _ = self.queue(item.id(), member, queued);
    }

    /// The next attempt after a rejection, if there may be one.
    pub(super) fn queue_next(&mut self, rejected: &Run) {
        if rejected.attempt >= ATTEMPTS || self.model.member(rejected.member).is_none() {
            return;
        }
        let depth = match self.acting_agent() {
            Some(_) => rejected.depth.max(self.depth_of_actor()) + 1,
            None => rejected.depth,
        };
        if depth > DEPTH {
            return;
        }
        let next = Queued {
            attempt: rejected.attempt,
            depth,
            ..Queued::default()
        };
        let _ = self.queue(rejected.item, rejected.member, next);
    }

    /// Queues a run of an item that has none.
    pub(super) fn queue(
        &mut self,
        item: ItemId,
        member: MemberId,
        queued: Queued,
    ) -> Result<RunId, Rejection> {
        let kind = match self.model.item(item).map(|item| item.kind) {
            Some(ItemKind::Epic | ItemKind::Feature) => RunKind::Plan,
            _ => RunKind::Work,
        };
        let by = self.context.member.filter(|id| self.model.is_person(*id));
        let before = self.model.latest_run_of(item).and_then(|run| run.by);
        let run = Run {
            stamp: self.stamp(queued.id, |model, id| model.any_run(*id).is_some())?,
            item,
            member,
            kind,
            attempt: queued.attempt + 1,
            state: RunState::Queued,
            claim: None,
            worker: None,
            by: by.or(before),
            concerns: None,
            not_before: queued.not_before,
            depth: queued.depth,
            failures: queued.failures,
            exchanges: Vec::new(),
            result: None,
            proposals: Vec::new(),
            reviewer: None,
            reason: None,
            failure: None,
            provider: None,
            model: None,
            usage: Usage::default(),
            cost: 0,
            reserved: 0,
            effort: Effort::default(),
        };
        let id = run.id();
        let run = Box::new(run);
        self.emit(EventBody::RunCreated { run });
        Ok(id)
    }

    /// How many runs led to what is done now: none, where a person does it.
    fn depth_of_actor(&self) -> u32 {
        if let Some(run) = self.acting.and_then(|id| self.model.run(id)) {
            return run.depth;
        }
        let Some(agent) = self.acting_agent() else {
            return 0;
        };
        // An agent that does not say in which run it acts may be in any of its own.
        let own = self.model.live_runs().filter(|run| run.member == agent);
        own.map(|run| run.depth).max().unwrap_or(1)
    }

    /// The failures of an item in a row, up to now.
    fn failures_of(&self, item: &Item) -> u32 {
        let latest = self.model.latest_run_of(item.id());
        latest.map_or(0, |run| match run.state {
            RunState::Failed => run.failures + 1,
            RunState::Accepted | RunState::Rejected => 0,
            _ => run.failures,
        })
    }
}

/// Whether a task waits for somebody to do it.
pub(super) fn is_todo(item: &Item) -> bool {
    item.kind == ItemKind::Task && item.status == Status::Todo
}

fn no_worker(message: &str) -> Rejection {
    Rejection::field(ErrorCode::Validation, "/member", message)
}
