//! What runs may spend.

use crate::{
    decide::{
        Subject,
        draft::{Draft, changed},
    },
    error::{ErrorCode, Rejection},
    event::EventBody,
    model::{Alert, Budget, Entity, FailureReason, Run, Usage},
    state::{Sight, day_of},
};

/// Micro-dollars that are put aside for one call at most: more than any costs, and no sum of them is too large to be counted.
const DEAREST_CALL: u64 = 1_000_000_000_000;

impl Draft<'_> {
    pub(in crate::decide) fn set_budget(
        &mut self,
        scope: Sight,
        day: Option<u64>,
        total: Option<u64>,
    ) -> Result<Subject, Rejection> {
        let is_there = match scope {
            Sight::Organization => true,
            Sight::Project(id) => self.model.project(id).is_some(),
            Sight::Member(id) => self.model.member(id).is_some(),
            Sight::Backlog => false,
        };
        if !is_there {
            let message = format!("there is no {scope}: name one by id");
            return Err(Rejection::field(ErrorCode::Validation, "/scope", message));
        }
        let budget = Budget {
            scope,
            day,
            total,
            alert: Alert::None,
        };
        self.put_budget(budget);
        Ok(Subject::Budget(scope))
    }

    /// Counts what a call came to: no more than was put aside for it, so that no bill passes a budget. A run that has used more
    /// tokens than it may is over.
    pub(super) fn spend(&mut self, run: &Run, usage: Usage, cost: u64) -> Result<(), Rejection> {
        check_bill(run, usage, cost)?;
        let mut spent = run.clone();
        spent.usage = run.usage.plus(usage);
        spent.cost = run.cost.saturating_add(cost);
        spent.reserved = 0;
        spent.effort.called(usage != Usage::default());
        let (used, most) = (spent.usage.tokens(), self.model.limits_of(run).tokens);
        self.put_run(run, spent);
        if used > most
            && let Some(run) = self.model.run(run.id()).cloned()
        {
            let reason = format!("The run has used {used} tokens, and may use {most}.");
            let reason = reason.parse().unwrap_or_default();
            self.fail(&run, FailureReason::BudgetExceeded, &reason);
        }
        Ok(())
    }

    /// Tells what a run has cost to those who have set budgets.
    pub(super) fn put_alerts(&mut self, run: &Run) {
        for scope in self.model.scopes_of(run) {
            if let Some(budget) = self.model.budget(scope).copied() {
                self.put_budget(budget);
            }
        }
    }

    pub(super) fn reserve(&mut self, run: &Run, amount: u64) -> Result<(), Rejection> {
        if amount > DEAREST_CALL {
            let message = format!("must be at most {DEAREST_CALL} micro-dollars");
            return Err(Rejection::field(ErrorCode::Validation, "/amount", message));
        }
        self.check_turns(run)?;
        let limits = self.model.limits_of(run);
        if run.usage.tokens() >= limits.tokens {
            let detail = format!("The run has used its {} tokens.", limits.tokens);
            return Err(Rejection::new(ErrorCode::BudgetExceeded, detail));
        }
        // Nobody has said what the call before came to, and the provider may charge all of what was put aside for it.
        let mut settled = run.clone();
        let unsaid = std::mem::take(&mut settled.reserved);
        settled.cost = settled.cost.saturating_add(unsaid);
        let cost = settled.cost;
        if let Some(most) = limits.cost
            && cost.saturating_add(amount) > most
        {
            let detail = format!(
                "The run has cost {cost} of {most} micro-dollars, and {amount} more would pass that."
            );
            return Err(Rejection::new(ErrorCode::BudgetExceeded, detail));
        }
        self.put_run(run, settled);
        let Some(run) = self.model.run(run.id()).cloned() else {
            return Ok(());
        };
        self.check_budgets(&run, amount)?;
        let mut reserved = Run::clone(&run);
        reserved.reserved = amount;
        reserved.effort.call();
        self.put_run(&run, reserved);
        Ok(())
    }

    /// Refuses so many micro-dollars more, where a budget would be passed with what is put aside already.
    pub(super) fn check_budgets(&self, run: &Run, amount: u64) -> Result<(), Rejection> {
        let today = day_of(self.context.at);
        for scope in self.model.scopes_of(run) {
            let Some(budget) = self.model.budget(scope) else {
                continue;
            };
            let spent = self.model.spent(scope);
            let reserved = self.model.reserved(scope);
            let limits = [
                ("in all", spent.total, budget.total),
                ("today", spent.on(today), budget.day),
            ];
            for (when, spent, limit) in limits {
                let Some(limit) = limit else { continue };
                if spent.saturating_add(reserved).saturating_add(amount) > limit {
                    let detail = format!(
                        "The budget of {scope} is {limit} micro-dollars {when}: {spent} are spent and {reserved} put \
                         aside, so {amount} more would pass it."
                    );
                    return Err(Rejection::new(ErrorCode::BudgetExceeded, detail));
                }
            }
        }
        Ok(())
    }

    /// A budget with what of it is used up, if that is a change.
    fn put_budget(&mut self, mut budget: Budget) {
        let spent = self.model.spent(budget.scope);
        budget.alert = budget.alert_at(spent.total, spent.on(day_of(self.context.at)));
        let before = self.model.budget(budget.scope).copied();
        let changed = match before {
            Some(before) => changed!(before, budget, day, total, alert),
            None => vec!["day".to_owned(), "total".to_owned(), "alert".to_owned()],
        };
        if !changed.is_empty() {
            self.emit(EventBody::BudgetUpdated { budget, changed });
        }
    }
}

/// Refuses a bill that is more than a call can come to.
fn check_bill(run: &Run, usage: Usage, cost: u64) -> Result<(), Rejection> {
    let refuse = |pointer, message| Err(Rejection::field(ErrorCode::Validation, pointer, message));
    if usage.input.max(usage.cached).max(usage.output) > Usage::MOST {
        let message = format!("must be at most {} tokens of each", Usage::MOST);
        return refuse("/bill/usage", message);
    }
    if cost > run.reserved {
        let message = format!(
            "must be at most what was put aside for the call, which is {}: reserve what it may cost before you make it",
            run.reserved
        );
        return refuse("/bill/cost", message);
    }
    Ok(())
}
