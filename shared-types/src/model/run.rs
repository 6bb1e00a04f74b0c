use serde::{Deserialize, Serialize};

use super::{Effort, ItemKind, Stamp, entity};
use crate::json::{read_fields, words};
use crate::value::{
    Body, Criterion, Estimate, ItemId, MemberId, Name, RunId, Timestamp, Title, TokenId,
};

/// One attempt of one AI member at one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Run {
    #[serde(flatten)]
    pub stamp: Stamp<RunId>,
    pub item: ItemId,
    /// Who works.
    pub member: MemberId,
    pub kind: RunKind,
    /// 1, 2, …: those before it were rejected, lost or tried again.
    pub attempt: u32,
    pub state: RunState,
    /// While it runs, the seq of the event with which it was claimed. Every write of the worker names it.
    pub claim: Option<u64>,
    /// The token with which it was claimed last; none where the server's own worker did. Whoever has it is the agent that
    /// works, and not a person who answers or reviews it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker: Option<TokenId>,
    /// The person who had it done: who queued it, or the attempt before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<MemberId>,
    /// While it waits for a person: whom that concerned when it began to. Absent: nobody in particular.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concerns: Option<Vec<MemberId>>,
    /// Not to be claimed before.
    pub not_before: Option<Timestamp>,
    /// How many runs led to this one, with itself: 1 where no agent caused it.
    pub depth: u32,
    /// Failures of the item in a row before it, since a person last asked for a run.
    pub failures: u32,
    /// What it asked on the way, and what it was answered.
    pub exchanges: Vec<Exchange>,
    /// What came of it, once it is submitted.
    pub result: Option<RunResult>,
    /// What a planning run proposes.
    pub proposals: Vec<Proposal>,
    /// Who reviewed it, if that was a member.
    pub reviewer: Option<MemberId>,
    /// Why it was rejected or cancelled, or what failed, in words.
    pub reason: Option<Body>,
    /// What failed.
    pub failure: Option<FailureReason>,
    /// Whose model works: the name of the provider, such as `scripted` or `openai`.
    pub provider: Option<Name>,
    /// Which model.
    pub model: Option<Name>,
    /// Tokens so far.
    pub usage: Usage,
    /// Micro-dollars so far.
    pub cost: u64,
    /// Micro-dollars put aside for the call to the provider that is under way.
    pub reserved: u64,
    /// What it has taken of its limits.
    #[serde(skip_serializing_if = "Effort::is_none")]
    #[cfg_attr(feature = "schema", schema(required = false))]
    pub effort: Effort,
}

entity!(Run, RunId);
read_fields!(stamped Run {
    item, member, kind, attempt, state, claim, worker, by, concerns, not_before, depth, failures, exchanges, result, proposals, reviewer,
    reason, failure, provider, model, usage, cost, reserved, effort,
});

impl Run {
    /// What its item shows of it.
    pub fn brief(&self) -> RunBrief {
        RunBrief {
            id: self.stamp.id,
            state: self.state,
            member: self.member,
        }
    }

    /// Whether it waits for a person.
    pub fn waits_for_person(&self) -> bool {
        matches!(
            self.state,
            RunState::AwaitingInput | RunState::AwaitingReview
        )
    }

    /// The question that waits for an answer.
    pub fn open_question(&self) -> Option<&Exchange> {
        self.exchanges
            .last()
            .filter(|exchange| exchange.answer.is_none())
    }
}

/// What an item shows of its latest run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RunBrief {
    pub id: RunId,
    pub state: RunState,
    pub member: MemberId,
}

read_fields!(RunBrief { id, state, member });

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// Do a task.
    Work,
    /// Propose what an epic or feature needs.
    Plan,
}

words!(RunKind { Work = "work", Plan = "plan" });

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Waits for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// Waits for a person's answer.
    AwaitingInput,
    /// Done, and waits to be reviewed.
    AwaitingReview,
    Accepted,
    Rejected,
    Failed,
    Cancelled,
}

words!(RunState { Queued = "queued", Running = "running", AwaitingInput = "awaiting_input", AwaitingReview = "awaiting_review", Accepted = "accepted", Rejected = "rejected", Failed = "failed", Cancelled = "cancelled" });

impl RunState {
    /// Whether something may still come of it. An item has at most one such run.
    pub fn is_live(self) -> bool {
        matches!(
            self,
            RunState::Queued
                | RunState::Running
                | RunState::AwaitingInput
                | RunState::AwaitingReview
        )
    }
}

/// What can fail about a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FailureReason {
    /// The provider does not take the key: give another.
    ProviderUnauthorized,
    /// The provider has had enough of us: wait, or ask it for more.
    ProviderRateLimited,
    /// The provider can't be reached or fails: look at its status, try again later.
    ProviderUnavailable,
    /// The task and what belongs to it are longer than the model takes: shorten them, or choose another model.
    ContextTooLong,
    /// A budget, or the limit of the run, is used up: raise it.
    BudgetExceeded,
    /// The worker was not heard of for a minute: another attempt is queued.
    LeaseLost,
    /// The provider sent nothing for two minutes: try again.
    Stalled,
    /// The model does not say what can be used: choose another model, or change the instructions.
    InvalidOutput,
    /// A tool could not be used: see the log.
    ToolFailed,
    /// The item failed three times: start it again when the cause is gone.
    CircuitOpen,
    /// A defect, or a limit of turns or time; see the log.
    Internal,
}

words!(FailureReason { ProviderUnauthorized = "provider_unauthorized", ProviderRateLimited = "provider_rate_limited", ProviderUnavailable = "provider_unavailable", ContextTooLong = "context_too_long", BudgetExceeded = "budget_exceeded", LeaseLost = "lease_lost", Stalled = "stalled", InvalidOutput = "invalid_output", ToolFailed = "tool_failed", CircuitOpen = "circuit_open", Internal = "internal" });

/// Tokens that a model took in and gave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Usage {
    /// With those that were cached.
    pub input: u64,
    /// Those of the input that the provider had in its cache.
    pub cached: u64,
    pub output: u64,
}

impl Usage {
    /// Tokens that one call comes to at most: as many as the profile of a member can allow its runs.
    pub const MOST: u64 = 10_000_000;

    /// All that was taken in and given.
    pub fn tokens(self) -> u64 {
        self.input.saturating_add(self.output)
    }

    /// With more.
    pub fn plus(self, more: Usage) -> Usage {
        Usage {
            input: self.input.saturating_add(more.input),
            cached: self.cached.saturating_add(more.cached),
            output: self.output.saturating_add(more.output),
        }
    }
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RunResult {
    /// In one line.
    pub summary: Title,
    /// In full, in Markdown.
    #[serde(default)]
    pub body: Body,
    /// Where more of it is, such as a pull request.
    #[serde(default)]
    pub links: Vec<Link>,
}

/// Where something is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub title: Name,
    /// Begins with `https://` or `http://`.
    pub url: Body,
}

/// A question of a run, and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Exchange {
    /// In Markdown.
    pub question: Body,
    /// What it wants to do, where it asks whether it may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool: Option<ToolCall>,
    /// None: it waits for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Body>,
    /// Of a question about a tool, whether it may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved: Option<bool>,
    /// Who answered, if that was a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<MemberId>,
}

read_fields!(Exchange {
    question,
    tool,
    answer,
    approved,
    by
});

/// What an agent wants to do with a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ToolCall {
    pub name: Name,
    /// As JSON text.
    pub arguments: Body,
}

/// An item that a planning run would make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// A feature under an epic, a task under a feature.
    pub kind: ItemKind,
    pub title: Title,
    #[serde(default)]
    pub description: Body,
    #[serde(default)]
    pub acceptance: Vec<Criterion>,
    #[serde(default)]
    pub estimate: Option<Estimate>,
    #[serde(default)]
    pub state: ProposalState,
    /// What it became.
    #[serde(default)]
    pub item: Option<ItemId>,
}

/// What was said to a proposal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// Nothing yet.
    #[default]
    Open,
    Accepted,
    Dismissed,
}

words!(ProposalState { Open = "open", Accepted = "accepted", Dismissed = "dismissed" });
