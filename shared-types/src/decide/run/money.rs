//! What runs may spend.

use crate::{
    decide::{
        Subject,
        draft::{Draft, changed},
    },
    error::{ErrorCode, Rejection},
    event::EventBody,
    model::{Alert, Budget, Entity, Run, Usage},
    state::{Sight, day_of},
};

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

    /// Counts what a call came to. It is spent, whatever the budgets say.
    pub(super) fn spend(&mut self, run: &Run, usage: Usage, cost: u64) {
        let mut spent = run.clone();
        spent.usage = run.usage.plus(usage);
        spent.cost = run.cost.saturating_add(cost);
        spent.reserved = 0;
        self.put_run(run, spent);
        for scope in self.model.scopes_of(run) {
            if let Some(budget) = self.model.budget(scope).copied() {
                self.put_budget(budget);
            }
        }
    }

    pub(super) fn reserve(&mut self, run: &Run, amount: u64) -> Result<(), Rejection> {
        let limits = self.limits_of(run);
        if run.usage.tokens() >= limits.tokens {
            let detail = format!("The run has used its {} tokens.", limits.tokens);
            return Err(Rejection::new(ErrorCode::BudgetExceeded, detail));
        }
        if let Some(most) = limits.cost
            && run.cost.saturating_add(amount) > most
        {
            let detail = format!(
                "The run has cost {} of {most} micro-dollars, and {amount} more would pass that.",
                run.cost
            );
            return Err(Rejection::new(ErrorCode::BudgetExceeded, detail));
        }
        let mut reserved = run.clone();
        reserved.reserved = 0;
        self.put_run(run, reserved);
        let Some(run) = self.model.run(run.id()).cloned() else {
            return Ok(());
        };
        self.check_budgets(&run, amount)?;
        let mut reserved = Run::clone(&run);
        reserved.reserved = amount;
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
