//! What becomes of the proposals of a planning run.

use std::sync::Arc;

use crate::{
    command::{NewItem, ProposalPatch},
    decide::{Subject, draft::Draft},
    error::{ErrorCode, Rejection},
    model::{Entity, Item, Priority, Proposal, ProposalState, Run, RunKind, RunState},
    topic::ItemRef,
};

impl Draft<'_> {
    pub(in crate::decide) fn accept_proposal(
        &mut self,
        item: &ItemRef,
        n: usize,
        patch: &ProposalPatch,
    ) -> Result<Subject, Rejection> {
        let (run, proposal) = self.open_proposal(item, n)?;
        let proposal = patch.apply(&proposal);
        let mut plan = Run::clone(&run);
        let made = self.make(&run, &proposal)?;
        plan.proposals[n] = made;
        self.put_plan(&run, plan);
        Ok(Subject::Run(run.id()))
    }

    pub(in crate::decide) fn dismiss_proposal(
        &mut self,
        item: &ItemRef,
        n: usize,
    ) -> Result<Subject, Rejection> {
        let (run, _) = self.open_proposal(item, n)?;
        let mut plan = Run::clone(&run);
        plan.proposals[n].state = ProposalState::Dismissed;
        self.put_plan(&run, plan);
        Ok(Subject::Run(run.id()))
    }

    /// Takes all that nothing was said to yet.
    pub(super) fn accept_all(&mut self, run: &Run) -> Result<(), Rejection> {
        let mut plan = run.clone();
        for proposal in &mut plan.proposals {
            if proposal.state == ProposalState::Open {
                *proposal = self.make(run, proposal)?;
            }
        }
        self.put_plan(run, plan);
        Ok(())
    }

    fn open_proposal(&self, item: &ItemRef, n: usize) -> Result<(Arc<Run>, Proposal), Rejection> {
        let item = self.item(item)?;
        let live = self.model.live_run_of(item.id());
        let plan = live.filter(|run| run.kind == RunKind::Plan);
        let plan = plan.ok_or_else(|| Rejection::not_found("proposal", n))?;
        let run = self.reviewed(plan.id())?;
        let found = run.proposals.get(n).cloned();
        let proposal = found.ok_or_else(|| Rejection::not_found("proposal", n))?;
        if proposal.state != ProposalState::Open {
            let detail = format!("Something was said to proposal {n} already.");
            return Err(Rejection::new(ErrorCode::WrongState, detail));
        }
        Ok((run, proposal))
    }

    /// Makes what is proposed.
    fn make(&mut self, run: &Run, proposal: &Proposal) -> Result<Proposal, Rejection> {
        let above = self.item(&run.item.into())?;
        let above = Item::clone(&above);
        let new = NewItem {
            id: None,
            kind: proposal.kind,
            title: proposal.title.clone(),
            project: above.project.map(Into::into),
            team: above.team.map(Into::into),
            parent: Some(above.id().into()),
            description: proposal.description.clone(),
            status: None,
            priority: Priority::default(),
            assignees: Vec::new(),
            labels: Vec::new(),
            estimate: proposal.estimate,
            due: None,
            depends_on: Vec::new(),
            acceptance: proposal.acceptance.clone(),
        };
        let item = match self.create_item(&new)? {
            Subject::Item(id) => Some(id),
            _ => None,
        };
        Ok(Proposal {
            state: ProposalState::Accepted,
            item,
            ..proposal.clone()
        })
    }

    /// With the last proposal, the run is reviewed.
    fn put_plan(&mut self, run: &Run, mut plan: Run) {
        let any = |state| {
            move |plan: &Run| {
                plan.proposals
                    .iter()
                    .any(|proposal| proposal.state == state)
            }
        };
        if !any(ProposalState::Open)(&plan) {
            plan.state = match any(ProposalState::Accepted)(&plan) {
                true => RunState::Accepted,
                false => RunState::Rejected,
            };
            plan.reviewer = self.context.member;
        }
        self.put_run(run, plan);
    }
}
