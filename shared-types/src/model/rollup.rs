use serde::{Deserialize, Serialize};

use super::{Item, ItemKind, Status};
use crate::json::read_fields;

/// What the tasks under something add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Rollup {
    /// How many tasks there are, by status.
    pub tasks: TaskCounts,
    /// Hundredths of a point in done tasks.
    pub estimate_done: u64,
    /// Hundredths of a point in all tasks that are not cancelled.
    pub estimate_total: u64,
    /// Runs that something may still come of.
    pub runs: u32,
    /// Tokens that models took in and gave.
    pub tokens: u64,
    /// What that cost, in micro-dollars.
    pub cost: u64,
}

/// How many tasks have each status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TaskCounts {
    pub backlog: u32,
    pub todo: u32,
    pub in_progress: u32,
    pub in_review: u32,
    pub done: u32,
    pub cancelled: u32,
}

read_fields!(Rollup {
    tasks,
    estimate_done,
    estimate_total,
    runs,
    tokens,
    cost
});
read_fields!(TaskCounts {
    backlog,
    todo,
    in_progress,
    in_review,
    done,
    cancelled
});

impl TaskCounts {
    fn of(&mut self, status: Status) -> Option<&mut u32> {
        match status {
            Status::Backlog => Some(&mut self.backlog),
            Status::Todo => Some(&mut self.todo),
            Status::InProgress => Some(&mut self.in_progress),
            Status::InReview => Some(&mut self.in_review),
            Status::Done => Some(&mut self.done),
            Status::Cancelled => Some(&mut self.cancelled),
            Status::Open | Status::Closed => None,
        }
    }

    /// How many have this status.
    pub fn get(mut self, status: Status) -> u32 {
        self.of(status).map_or(0, |count| *count)
    }

    /// All that are not cancelled.
    pub fn total(self) -> u32 {
        self.backlog + self.todo + self.in_progress + self.in_review + self.done
    }
}

impl Rollup {
    /// Counts a task in; anything else adds nothing.
    pub fn add(&mut self, item: &Item) {
        self.count(item, 1, u32::saturating_add, u64::saturating_add);
    }

    /// Takes a task that was counted in out again.
    pub fn remove(&mut self, item: &Item) {
        self.count(item, 1, u32::saturating_sub, u64::saturating_sub);
    }

    /// Counts in what was spent.
    pub fn add_work(&mut self, work: Work) {
        self.runs = self.runs.saturating_add(work.runs);
        self.tokens = self.tokens.saturating_add(work.tokens);
        self.cost = self.cost.saturating_add(work.cost);
    }

    /// Takes out what was counted in.
    pub fn remove_work(&mut self, work: Work) {
        self.runs = self.runs.saturating_sub(work.runs);
        self.tokens = self.tokens.saturating_sub(work.tokens);
        self.cost = self.cost.saturating_sub(work.cost);
    }

    fn count(
        &mut self,
        item: &Item,
        one: u32,
        count: fn(u32, u32) -> u32,
        sum: fn(u64, u64) -> u64,
    ) {
        if item.kind != ItemKind::Task {
            return;
        }
        if let Some(tasks) = self.tasks.of(item.status) {
            *tasks = count(*tasks, one);
        }
        let estimate = item
            .estimate
            .map_or(0, |estimate| u64::from(estimate.hundredths()));
        if item.status == Status::Done {
            self.estimate_done = sum(self.estimate_done, estimate);
        }
        if item.status != Status::Cancelled {
            self.estimate_total = sum(self.estimate_total, estimate);
        }
    }
}

/// What AI members did on something, or one of them did anywhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Work {
    /// Runs that something may still come of.
    pub runs: u32,
    /// Tokens that models took in and gave.
    pub tokens: u64,
    /// Micro-dollars.
    pub cost: u64,
}
