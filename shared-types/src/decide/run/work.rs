//! What a worker does with a run, and what is done when nothing is heard of it.

use super::{FAILURES, not_empty, queue::Queued, subject, wrong_state};
use crate::{
    command::{Engaged, NewProposal, WorkStep},
    decide::{Subject, draft::Draft, limits},
    error::{ErrorCode, Rejection},
    event::ActorKind,
    model::{
        Exchange, FailureReason, ItemKind, Proposal, ProposalState, Run, RunKind, RunResult,
        RunState, Status, ToolCall, WaitsFor,
    },
    state::Sight,
    value::{Body, RunId, Timestamp},
};

/// Before another attempt after a lease that was lost; doubled each time.
const BACK_OFF_MS: i64 = 10_000;
const BACK_OFF_MOST_MS: i64 = 5 * 60_000;

impl Draft<'_> {
    pub(in crate::decide) fn claim_run(
        &mut self,
        id: RunId,
        engaged: &Engaged,
    ) -> Result<Subject, Rejection> {
        let run = self.run(id)?;
        self.check_worker(&run)?;
        if run.state != RunState::Queued {
            return Err(wrong_state(&run, "only a queued one can be claimed"));
        }
        self.check_claimable(&run)?;
        let mut claimed = Run::clone(&run);
        claimed.state = RunState::Running;
        // The seq of the event that is about to be made.
        claimed.claim = Some(self.model.seq + 1);
        claimed.worker = match self.context.actor.kind {
            ActorKind::Token => self.context.actor.id.parse().ok(),
            _ => None,
        };
        claimed.not_before = None;
        claimed.effort.begin(self.context.at);
        claimed.provider = Some(engaged.provider.clone());
        claimed.model = engaged.model.clone();
        self.put_run(&run, claimed);
        if run.kind == RunKind::Work {
            self.set_status(run.item, Status::InProgress);
        }
        Ok(subject(&run))
    }

    fn check_claimable(&self, run: &Run) -> Result<(), Rejection> {
        let refuse = |code, detail: String| Err(Rejection::new(code, detail));
        match self.model.waits_for(run, self.context.at) {
            Some(WaitsFor::Switch) => refuse(
                ErrorCode::AgentsStopped,
                "All AI members are stopped: let them work again first.".into(),
            ),
            Some(WaitsFor::BackOff) => {
                let until = run.not_before.unwrap_or(self.context.at);
                refuse(
                    ErrorCode::AgentBusy,
                    format!("It can be claimed from {until} on."),
                )
            }
            Some(WaitsFor::Room) => {
                let most = self.model.limits_of(run).running;
                refuse(
                    ErrorCode::AgentBusy,
                    format!("Its member has {most} runs at work, which is the most it may."),
                )
            }
            Some(WaitsFor::Budget) => self.check_budgets(run, 1),
            // Whoever claims it has a provider.
            Some(WaitsFor::Provider) | None => Ok(()),
        }
    }

    /// Who sees one member only is that member.
    fn check_worker(&self, run: &Run) -> Result<(), Rejection> {
        match self.context.sight {
            Sight::Member(member) if member != run.member => {
                let detail = "It is the run of another member.";
                Err(Rejection::new(ErrorCode::Forbidden, detail))
            }
            _ => Ok(()),
        }
    }

    pub(in crate::decide) fn work_run(
        &mut self,
        id: RunId,
        fence: u64,
        step: &WorkStep,
    ) -> Result<Subject, Rejection> {
        let run = self.claimed(id, fence)?;
        self.check_worker(&run)?;
        self.check_minutes(&run, step)?;
        match step {
            WorkStep::Spend { usage, cost } => self.spend(&run, *usage, *cost)?,
            WorkStep::Reserve { amount } => self.reserve(&run, *amount)?,
            WorkStep::Ask { question, tool } => self.ask(&run, question, tool.as_ref())?,
            WorkStep::Submit { result } => self.submit(&run, result)?,
            WorkStep::Propose { result, proposals } => {
                self.propose(&run, result.as_ref(), proposals)?;
            }
            WorkStep::Fail { failure, reason } => self.fail(&run, *failure, reason),
            WorkStep::Release => {
                let mut released = Run::clone(&run);
                released.state = RunState::Queued;
                self.put_run(&run, released);
            }
        }
        Ok(subject(&run))
    }

    fn ask(
        &mut self,
        run: &Run,
        question: &Body,
        tool: Option<&ToolCall>,
    ) -> Result<(), Rejection> {
        not_empty(question, "/question")?;
        if let Some(tool) = tool {
            self.check_not_forbidden(run, tool)?;
        }
        limits::check("questions", run.exchanges.len() + 1, limits::EXCHANGES)?;
        let mut asking = run.clone();
        asking.state = RunState::AwaitingInput;
        asking.exchanges.push(Exchange {
            question: question.clone(),
            tool: tool.cloned(),
            answer: None,
            approved: None,
            by: None,
        });
        self.put_run(run, asking);
        Ok(())
    }

    fn submit(&mut self, run: &Run, result: &RunResult) -> Result<(), Rejection> {
        if run.kind == RunKind::Plan {
            return Err(wrong_state(run, "what it plans goes into \"proposals\""));
        }
        check_result(result)?;
        let mut submitted = run.clone();
        submitted.state = RunState::AwaitingReview;
        submitted.result = Some(result.clone());
        self.put_run(run, submitted);
        self.set_status(run.item, Status::InReview);
        Ok(())
    }

    fn propose(
        &mut self,
        run: &Run,
        result: Option<&RunResult>,
        proposals: &[NewProposal],
    ) -> Result<(), Rejection> {
        if run.kind == RunKind::Work {
            return Err(wrong_state(run, "what it has done goes into \"result\""));
        }
        if let Some(result) = result {
            check_result(result)?;
        }
        if proposals.is_empty() {
            let message = "must have at least one: propose something, or let the run fail";
            return Err(Rejection::field(
                ErrorCode::Validation,
                "/proposals",
                message,
            ));
        }
        limits::check("proposals", proposals.len(), limits::PROPOSALS)?;
        let kind = match self.model.item(run.item).map(|item| item.kind) {
            Some(ItemKind::Epic) => ItemKind::Feature,
            _ => ItemKind::Task,
        };
        let mut submitted = run.clone();
        submitted.state = RunState::AwaitingReview;
        submitted.result = result.cloned();
        for (n, new) in proposals.iter().enumerate() {
            limits::check(
                &format!("proposals/{n}/acceptance"),
                new.acceptance.len(),
                limits::ACCEPTANCE,
            )?;
            submitted.proposals.push(Proposal {
                kind,
                title: new.title.clone(),
                description: new.description.clone(),
                acceptance: new.acceptance.clone(),
                estimate: new.estimate,
                state: ProposalState::Open,
                item: None,
            });
        }
        self.put_run(run, submitted);
        Ok(())
    }

    /// Ends a run that comes to nothing, and queues none by itself.
    pub(super) fn fail(&mut self, run: &Run, failure: FailureReason, reason: &Body) {
        let mut failed = run.clone();
        failed.state = RunState::Failed;
        failed.failure = Some(failure);
        failed.reason = Some(reason.clone());
        self.put_run(run, failed);
        self.put_back(run.item);
    }

    pub(in crate::decide) fn lapse_run(
        &mut self,
        id: RunId,
        claim: u64,
    ) -> Result<Subject, Rejection> {
        let run = self.claimed(id, claim)?;
        let reason = "Nothing was heard of its worker for a minute.".parse();
        self.fail(&run, FailureReason::LeaseLost, &reason.unwrap_or_default());
        let failures = run.failures + 1;
        if failures < FAILURES {
            let wait = BACK_OFF_MS.saturating_mul(1 << (run.attempt - 1).min(16));
            let until = self.context.at.as_millis() + wait.min(BACK_OFF_MOST_MS);
            let next = Queued {
                id: None,
                attempt: run.attempt,
                depth: run.depth,
                failures,
                not_before: Some(Timestamp::from_millis(until)),
            };
            self.queue(run.item, run.member, next)?;
        }
        Ok(subject(&run))
    }

    /// Stops all AI members: what they work on is queued, and nobody can claim it; or lets them claim again.
    pub(in crate::decide) fn switch_agents(&mut self, on: bool) -> Result<Subject, Rejection> {
        let before = self.model.profile.clone();
        if before.agents_stopped != on {
            return Ok(Subject::Organization);
        }
        let mut organization = (*before).clone();
        organization.agents_stopped = !on;
        organization.stamp.touch(self.context.at);
        let changed = vec!["agents_stopped".to_owned()];
        self.emit(crate::event::EventBody::OrganizationUpdated {
            organization,
            changed,
        });
        if !on {
            let running = |run: &&std::sync::Arc<Run>| run.state == RunState::Running;
            let runs: Vec<_> = self.model.live_runs().filter(running).cloned().collect();
            for run in runs {
                let mut stopped = Run::clone(&run);
                stopped.state = RunState::Queued;
                self.put_run(&run, stopped);
            }
        }
        Ok(Subject::Organization)
    }
}

fn check_result(result: &RunResult) -> Result<(), Rejection> {
    limits::check("result/links", result.links.len(), limits::LINKS)?;
    for (n, link) in result.links.iter().enumerate() {
        let is_web = link.url.starts_with("https://") || link.url.starts_with("http://");
        if !is_web || link.url.len() > limits::LINK_BYTES || link.url.contains(char::is_whitespace)
        {
            let message =
                "must be an address of at most 2,000 bytes that begins with https:// or http://";
            return Err(Rejection::field(
                ErrorCode::Validation,
                &format!("/result/links/{n}/url"),
                message,
            ));
        }
    }
    Ok(())
}
