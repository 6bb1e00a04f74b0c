//! What the profile of a member allows its runs.

use super::subject;
use crate::{
    command::WorkStep,
    decide::{Subject, draft::Draft},
    error::{ErrorCode, Rejection},
    model::{FailureReason, Run, ToolCall, ToolSwitch},
    value::RunId,
};

impl Draft<'_> {
    /// Refuses what goes on with a run that workers had for all its minutes. What a call came to is still counted, and it can
    /// be given up or let go.
    pub(super) fn check_minutes(&self, run: &Run, step: &WorkStep) -> Result<(), Rejection> {
        let goes_on = match step {
            WorkStep::Spend { .. } | WorkStep::Fail { .. } | WorkStep::Release => false,
            WorkStep::Reserve { .. }
            | WorkStep::Ask { .. }
            | WorkStep::Submit { .. }
            | WorkStep::Propose { .. } => true,
        };
        if goes_on && self.model.is_out_of_time(run, self.context.at) {
            return Err(Rejection::new(
                ErrorCode::LimitReached,
                self.out_of_time(run),
            ));
        }
        Ok(())
    }

    /// Ends a run that workers had for all its minutes.
    pub(in crate::decide) fn end_run_out_of_time(
        &mut self,
        id: RunId,
        claim: u64,
    ) -> Result<Subject, Rejection> {
        let run = self.claimed(id, claim)?;
        if !self.model.is_out_of_time(&run, self.context.at) {
            let detail = "The run has minutes left: let it work.";
            return Err(Rejection::new(ErrorCode::WrongState, detail));
        }
        let reason = self.out_of_time(&run).parse().unwrap_or_default();
        self.fail(&run, FailureReason::Internal, &reason);
        Ok(subject(&run))
    }

    fn out_of_time(&self, run: &Run) -> String {
        let minutes = self.model.limits_of(run).minutes;
        format!("The run took longer than its {minutes} minutes.")
    }

    /// Refuses one more call than a run may make.
    pub(super) fn check_turns(&self, run: &Run) -> Result<(), Rejection> {
        if run.effort.turns < self.model.limits_of(run).turns {
            return Ok(());
        }
        let detail = "The run took all its turns.";
        Err(Rejection::new(ErrorCode::LimitReached, detail))
    }

    /// Refuses to ask a person about what the member may not do, whatever they say.
    pub(super) fn check_not_forbidden(&self, run: &Run, tool: &ToolCall) -> Result<(), Rejection> {
        let member = self.model.member(run.member);
        let profile = member.and_then(|member| member.agent.as_ref());
        let switch = profile.map(|profile| profile.tools.of(&tool.name));
        if switch != Some(ToolSwitch::Forbidden) {
            return Ok(());
        }
        let message = format!(
            "the member may not use {}: go on without it, or have its profile changed",
            tool.name
        );
        Err(Rejection::field(
            ErrorCode::Forbidden,
            "/tool/name",
            message,
        ))
    }
}
