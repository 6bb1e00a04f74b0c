//! What a change of an item means for its run.

use super::{queue::is_todo, worker_of};
use crate::{
    decide::draft::Draft,
    model::{Entity, Item, ItemKind, Run, RunState, Status},
    value::ItemId,
};

impl Draft<'_> {
    /// Lets the run of an item that has changed follow it. Without `before` it is new.
    pub(in crate::decide) fn follow(&mut self, before: Option<&Item>, id: ItemId) {
        if self.quiet {
            return;
        }
        let Some(item) = self.model.item(id).cloned() else {
            return;
        };
        if item.kind != ItemKind::Task {
            return self.end_plan_of(&item);
        }
        if let Some(run) = self.model.live_run_of(id).cloned() {
            if !item.assignees.contains(&run.member) {
                self.cancel(&run, "The task was given to somebody else.");
                self.put_back(id);
            } else if before.is_some_and(|before| before.status != item.status) {
                self.follow_status(&run, item.status);
                // What comes after a review is decided there.
                return;
            }
        }
        let Some(item) = self.model.item(id).cloned() else {
            return;
        };
        let worker = worker_of(self, &item);
        let is_news = before.is_none_or(|before| {
            before.status != Status::Todo || worker_of(self, before) != worker
        });
        if is_todo(&item) && is_news && self.model.live_run_of(id).is_none() {
            self.wake(&item);
        }
    }

    /// Nobody needs a plan for what is over.
    fn end_plan_of(&mut self, item: &Item) {
        if item.status.is_over()
            && let Some(run) = self.model.live_run_of(item.id()).cloned()
        {
            self.cancel(&run, "What it plans was closed.");
        }
    }

    /// Moving the card is a way to say what is thought of the run.
    fn follow_status(&mut self, run: &Run, status: Status) {
        let is_own = self.acting == Some(run.id());
        let is_reviewer = !self.is_worker_of(run);
        match (run.state, status) {
            // What it does to its own task goes with its work, as long as there is a task to work.
            _ if is_own && !status.is_over() => {}
            (RunState::AwaitingReview, Status::InReview) => {}
            (RunState::AwaitingReview, Status::Done) if is_reviewer => self.accept(run),
            (RunState::AwaitingReview, Status::Todo) if is_reviewer => {
                self.reject(run, "The task was moved back.");
            }
            (RunState::AwaitingReview, _)
            | (_, Status::Done | Status::Cancelled | Status::Backlog | Status::InReview) => {
                self.cancel(run, "The task was moved.");
            }
            // Somebody looks at the card of a task that is worked: that goes on.
            _ => {}
        }
    }
}
