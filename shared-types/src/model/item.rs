use std::fmt;

use serde::Serialize;

use super::{RunBrief, Stamp, entity};
use crate::json::{read_fields, words};
use crate::value::{
    Body, Criterion, Date, Estimate, ItemId, ItemKey, Label, MemberId, ProjectId, Rank, TeamId,
    Title,
};

/// An epic, a feature or a task.
///
/// `description` and `acceptance` are its detail: they are there in the answers of `/items/{item}` and the topic
/// `item:`, and absent from lists and wider topics; in an event they travel only when they changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Item {
    #[serde(flatten)]
    pub stamp: Stamp<ItemId>,
    /// Such as `WEB-12`; a new one when the item moves to another project, and the old ones keep leading to it.
    pub key: ItemKey,
    pub kind: ItemKind,
    /// None: in the organization's own backlog.
    pub project: Option<ProjectId>,
    /// In whose backlog, in that project.
    pub team: Option<TeamId>,
    /// A feature's epic, a task's feature.
    pub parent: Option<ItemId>,
    pub title: Title,
    pub status: Status,
    pub priority: Priority,
    /// Its place among the items of its project, compared as plain strings, then by id.
    pub rank: Rank,
    /// The first agent among them works it.
    pub assignees: Vec<MemberId>,
    /// Sorted.
    pub labels: Vec<Label>,
    /// Points.
    pub estimate: Option<Estimate>,
    pub due: Option<Date>,
    /// What must be done before it.
    pub depends_on: Vec<ItemId>,
    /// Its latest run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<RunBrief>,
    /// How many comments it has.
    pub comments: u32,
    /// Markdown. Detail, see above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Body>,
    /// What must be true for it to be accepted. Detail, see above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<Vec<Criterion>>,
}

entity!(Item, ItemId);
read_fields!(stamped Item { key, kind, project, team, parent, title, status, priority, rank, assignees, labels, estimate, due, depends_on, run, comments, description, acceptance });

impl Item {
    /// Without its detail.
    pub fn summary(&self) -> Item {
        Item {
            description: None,
            acceptance: None,
            ..self.clone()
        }
    }
}

/// What an item is. Never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    Epic,
    Feature,
    Task,
}

words!(ItemKind { Epic = "epic", Feature = "feature", Task = "task" });

impl ItemKind {
    /// What its parent must be.
    pub fn parent(self) -> Option<ItemKind> {
        match self {
            ItemKind::Epic => None,
            ItemKind::Feature => Some(ItemKind::Epic),
            ItemKind::Task => Some(ItemKind::Feature),
        }
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where an item stands: a task has one of the first six, an epic or feature is open or closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Backlog,
    Todo,
    InProgress,
    InReview,
    Done,
    Cancelled,
    Open,
    Closed,
}

words!(Status { Backlog = "backlog", Todo = "todo", InProgress = "in_progress", InReview = "in_review", Done = "done", Cancelled = "cancelled", Open = "open", Closed = "closed" });

impl Status {
    /// Those of a task, in the order of the board.
    pub const OF_TASK: [Status; 6] = [
        Status::Backlog,
        Status::Todo,
        Status::InProgress,
        Status::InReview,
        Status::Done,
        Status::Cancelled,
    ];

    /// Whether an item of this kind can have it.
    pub fn fits(self, kind: ItemKind) -> bool {
        matches!(self, Status::Open | Status::Closed) == (kind != ItemKind::Task)
    }

    /// Whether there is nothing left to do.
    pub fn is_over(self) -> bool {
        matches!(self, Status::Done | Status::Cancelled | Status::Closed)
    }
}

/// How much it matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    #[default]
    None,
    Low,
    Medium,
    High,
    Urgent,
}

words!(Priority { None = "none", Low = "low", Medium = "medium", High = "high", Urgent = "urgent" });
