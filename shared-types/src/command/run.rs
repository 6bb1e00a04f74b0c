//! What is asked of AI members, by people and by workers.

use serde::{Deserialize, Serialize};

use crate::{
    model::{FailureReason, Proposal, RunResult, ToolCall, Usage},
    topic::MemberRef,
    value::{Body, Criterion, Estimate, Name, RunId, Title},
};

use super::Patch;

/// A run to queue.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRun {
    /// Its id, where the client wants to know it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<RunId>,
    /// Who works, by id or slug; the first AI member it is assigned to, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub member: Option<MemberRef>,
}

/// What a worker does with the run that it has claimed. It names the claim each time: another one is refused.
#[derive(Debug, Clone, PartialEq)]
pub enum WorkStep {
    /// Counts what a call to a provider came to, in tokens and micro-dollars, and frees what was put aside for it.
    Spend { usage: Usage, cost: u64 },
    /// Puts micro-dollars aside for the next call; refused where a budget would be passed.
    Reserve { amount: u64 },
    /// Asks a person, and lets go of the run.
    Ask {
        question: Body,
        tool: Option<ToolCall>,
    },
    /// Hands in a task.
    Submit { result: RunResult },
    /// Hands in a plan.
    Propose {
        result: Option<RunResult>,
        proposals: Vec<NewProposal>,
    },
    /// Gives up.
    Fail {
        failure: FailureReason,
        reason: Body,
    },
    /// Lets go of it, for another worker to begin it again.
    Release,
}

/// An item that a plan proposes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewProposal {
    pub title: Title,
    /// Markdown.
    #[serde(default)]
    pub description: Body,
    #[serde(default)]
    pub acceptance: Vec<Criterion>,
    /// Points, at most two decimals.
    #[serde(default)]
    pub estimate: Option<Estimate>,
}

/// What to change about a proposal when it is accepted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProposalPatch {
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Title))]
    pub title: Patch<Title>,
    /// Markdown.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Body))]
    pub description: Patch<Body>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Criterion>))]
    pub acceptance: Patch<Vec<Criterion>>,
    /// Points, at most two decimals; null clears.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Estimate>))]
    pub estimate: Patch<Option<Estimate>>,
}

impl ProposalPatch {
    /// The proposal as it is accepted.
    pub fn apply(&self, proposal: &Proposal) -> Proposal {
        let mut proposal = proposal.clone();
        if let Some(title) = self.title.as_ref() {
            proposal.title = title.clone();
        }
        if let Some(description) = self.description.as_ref() {
            proposal.description = description.clone();
        }
        if let Some(acceptance) = self.acceptance.as_ref() {
            proposal.acceptance = acceptance.clone();
        }
        if let Some(estimate) = self.estimate.set() {
            proposal.estimate = estimate;
        }
        proposal
    }
}

/// What a person says to a run that asks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerRun {
    /// Markdown; may be empty where it asks whether it may use a tool.
    #[serde(default)]
    pub answer: Body,
    /// Where it asks whether it may use a tool: whether it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approve: Option<bool>,
}

/// Why something is done to a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithReason {
    /// Markdown. Of a rejection, not empty: the next attempt sees it.
    #[serde(default)]
    pub reason: Body,
}

/// Whose model works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engaged {
    pub provider: Name,
    pub model: Option<Name>,
}
