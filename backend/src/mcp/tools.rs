//! Which tools there are.

use rmcp::model::ToolAnnotations;

/// A route of the REST API under another name.
#[derive(Debug)]
pub(super) struct Tool {
    pub name: &'static str,
    /// When a model should use it.
    pub about: &'static str,
    pub method: &'static str,
    /// As it is registered, behind `/api/v1`.
    pub path: &'static str,
    pub does: Does,
}

/// What it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    Read,
    /// Reads an item with all that is around it.
    ReadContext,
    Add,
    Change,
    Remove,
}

impl Tool {
    pub fn hints(&self) -> ToolAnnotations {
        let reads = matches!(self.does, Does::Read | Does::ReadContext);
        let removes = self.does == Does::Remove;
        ToolAnnotations::new()
            .read_only(reads)
            .destructive(removes)
            .open_world(false)
    }
}

/// The tool of this name.
pub(super) fn named(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

const fn tool(
    name: &'static str,
    does: Does,
    method: &'static str,
    path: &'static str,
    about: &'static str,
) -> Tool {
    Tool {
        name,
        about,
        method,
        path,
        does,
    }
}

/// Every tool there is.
pub(super) const TOOLS: &[Tool] = &[
    tool(
        "list_projects",
        Does::Read,
        "GET",
        "/projects",
        "The projects, with how far each is.",
    ),
    tool(
        "get_project",
        Does::Read,
        "GET",
        "/projects/{project}",
        "One project.",
    ),
    tool(
        "list_teams",
        Does::Read,
        "GET",
        "/projects/{project}/teams",
        "The teams of a project.",
    ),
    tool(
        "list_members",
        Does::Read,
        "GET",
        "/members",
        "People and AI members.",
    ),
    tool(
        "list_items",
        Does::Read,
        "GET",
        "/items",
        "Epics, features and tasks: by project, team, kind, status, assignee, label or parent, or by words in `q`.",
    ),
    tool(
        "get_item",
        Does::ReadContext,
        "GET",
        "/items/{item}",
        "One item with its context: what it is part of and what is part of it, its newest comments, and the work of AI members \
         on it.",
    ),
    tool(
        "create_item",
        Does::Add,
        "POST",
        "/items",
        "Make an epic, a feature or a task.",
    ),
    tool(
        "update_item",
        Does::Change,
        "PATCH",
        "/items/{item}",
        "Change an item's title, description, status, priority and so on; what is not named stays. Its labels, assignees, \
         dependencies and criteria as a whole only together with `version`.",
    ),
    tool(
        "move_item",
        Does::Change,
        "POST",
        "/items/{item}/move",
        "Put an item under another one, into another team's backlog or project, or before or after another item.",
    ),
    tool(
        "delete_item",
        Does::Remove,
        "DELETE",
        "/items/{item}",
        "Delete an item and what is under it.",
    ),
    tool(
        "assign_item",
        Does::Change,
        "PUT",
        "/items/{item}/assignees/{member}",
        "Assign an item to a member. A task in `todo` that is given to an AI member is worked by it.",
    ),
    tool(
        "unassign_item",
        Does::Change,
        "DELETE",
        "/items/{item}/assignees/{member}",
        "Take an item from a member.",
    ),
    tool(
        "label_item",
        Does::Change,
        "PUT",
        "/items/{item}/labels/{label}",
        "Put a label on an item.",
    ),
    tool(
        "unlabel_item",
        Does::Change,
        "DELETE",
        "/items/{item}/labels/{label}",
        "Take a label off an item.",
    ),
    tool(
        "check_criterion",
        Does::Change,
        "PUT",
        "/items/{item}/acceptance/{n}",
        "Say whether one of an item's acceptance criteria is met.",
    ),
    tool(
        "comment_on_item",
        Does::Add,
        "POST",
        "/items/{item}/comments",
        "Comment on an item, in Markdown.",
    ),
    tool(
        "start_run",
        Does::Add,
        "POST",
        "/items/{item}/runs",
        "Have an AI member work a task now.",
    ),
    tool(
        "plan_item",
        Does::Add,
        "POST",
        "/items/{item}/proposals",
        "Have an AI member propose what an epic or a feature needs.",
    ),
    tool(
        "list_proposals",
        Does::Read,
        "GET",
        "/items/{item}/proposals",
        "What an AI member proposes for an epic or a feature.",
    ),
    tool(
        "accept_proposal",
        Does::Add,
        "POST",
        "/items/{item}/proposals/{n}/accept",
        "Make an item of a proposal, as it is or changed.",
    ),
    tool(
        "dismiss_proposal",
        Does::Change,
        "POST",
        "/items/{item}/proposals/{n}/dismiss",
        "Say that a proposal is not wanted.",
    ),
    tool(
        "list_runs",
        Does::Read,
        "GET",
        "/runs",
        "The runs that something may still come of: queued, at work, waiting for an answer or a review.",
    ),
    tool(
        "get_run",
        Does::Read,
        "GET",
        "/runs/{run}",
        "One run: its state, its result, what it cost.",
    ),
    tool(
        "read_run_log",
        Does::Read,
        "GET",
        "/runs/{run}/log",
        "What a run has written. To watch it, ask again with the last offset in `after`, and seconds in `wait`.",
    ),
    tool(
        "answer_run",
        Does::Change,
        "POST",
        "/runs/{run}/answer",
        "Answer what a run has asked.",
    ),
    tool(
        "accept_run",
        Does::Change,
        "POST",
        "/runs/{run}/accept",
        "Accept what a run has handed in.",
    ),
    tool(
        "reject_run",
        Does::Change,
        "POST",
        "/runs/{run}/reject",
        "Reject what a run has handed in, with a reason that the next attempt sees.",
    ),
    tool(
        "cancel_run",
        Does::Change,
        "POST",
        "/runs/{run}/cancel",
        "Stop a run.",
    ),
    tool(
        "retry_run",
        Does::Add,
        "POST",
        "/runs/{run}/retry",
        "Try again what a run has failed of.",
    ),
    tool(
        "claim_run",
        Does::Change,
        "POST",
        "/runs/claim",
        "As an AI member: take over a run that is queued. Everything you write about it names the `fence` in the answer.",
    ),
    tool(
        "brief_run",
        Does::Change,
        "POST",
        "/runs/{run}/brief",
        "As an AI member: what you are told, with all that belongs to the work, and which tools and limits you have.",
    ),
    tool(
        "use_run_tool",
        Does::Change,
        "POST",
        "/runs/{run}/tools",
        "As an AI member: use one of the tools in your brief, under the rules of your profile.",
    ),
    tool(
        "renew_run",
        Does::Change,
        "POST",
        "/runs/{run}/renew",
        "As an AI member: say within a minute that you still work a run.",
    ),
    tool(
        "log_run",
        Does::Add,
        "POST",
        "/runs/{run}/log",
        "As an AI member: write what you do into the run's log.",
    ),
    tool(
        "reserve_run",
        Does::Change,
        "POST",
        "/runs/{run}/reserve",
        "As an AI member: put money aside before you call a model.",
    ),
    tool(
        "ask_person",
        Does::Change,
        "POST",
        "/runs/{run}/ask",
        "As an AI member: ask a person. The run is not yours any more until it is claimed again.",
    ),
    tool(
        "submit_run",
        Does::Change,
        "POST",
        "/runs/{run}/submit",
        "As an AI member: hand in what was done.",
    ),
    tool(
        "fail_run",
        Does::Change,
        "POST",
        "/runs/{run}/fail",
        "As an AI member: give up a run, and say why.",
    ),
    tool(
        "release_run",
        Does::Change,
        "POST",
        "/runs/{run}/release",
        "As an AI member: let go of a run, for another to begin it anew.",
    ),
    tool(
        "list_activity",
        Does::Read,
        "GET",
        "/activity",
        "What has happened, the latest first.",
    ),
];
