//! Commands: what can be asked of an organization.

mod input;
mod patch;
mod profile;
mod run;
mod tool;

pub use input::{
    CommentPatch, ItemPatch, MemberPatch, MoveItem, NewComment, NewItem, NewMember, NewProject,
    NewTeam, OrganizationPatch, ProjectPatch, RestoreAs, TeamPatch,
};
pub use patch::Patch;
pub use profile::{LimitsPatch, ProfilePatch, SwitchesPatch};
pub use run::{AnswerRun, Engaged, NewProposal, NewRun, ProposalPatch, WithReason, WorkStep};

use crate::{
    state::Sight,
    topic::{ItemRef, MemberRef, ProjectRef, TeamRef},
    value::{AccountId, Body, CommentId, Label, RunId},
};

/// The version that `If-Match` names: another one refuses the command.
pub type Expected = Option<u64>;

/// One change that somebody asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    UpdateOrganization {
        patch: OrganizationPatch,
        expected: Expected,
    },

    CreateProject {
        new: NewProject,
    },
    UpdateProject {
        project: ProjectRef,
        patch: ProjectPatch,
        expected: Expected,
    },
    DeleteProject {
        project: ProjectRef,
        expected: Expected,
    },
    RestoreProject {
        project: ProjectRef,
        restore: RestoreAs,
    },

    CreateTeam {
        project: ProjectRef,
        new: NewTeam,
    },
    UpdateTeam {
        project: ProjectRef,
        team: TeamRef,
        patch: TeamPatch,
        expected: Expected,
    },
    DeleteTeam {
        project: ProjectRef,
        team: TeamRef,
        expected: Expected,
    },
    RestoreTeam {
        project: ProjectRef,
        team: TeamRef,
        restore: RestoreAs,
    },
    JoinTeam {
        project: ProjectRef,
        team: TeamRef,
        member: MemberRef,
        expected: Expected,
    },
    LeaveTeam {
        project: ProjectRef,
        team: TeamRef,
        member: MemberRef,
        expected: Expected,
    },

    CreateMember {
        new: NewMember,
    },
    UpdateMember {
        member: MemberRef,
        patch: MemberPatch,
        expected: Expected,
    },
    /// The account that a person signs in with, or that there is none any more.
    LinkMember {
        member: MemberRef,
        account: Option<AccountId>,
    },
    DeleteMember {
        member: MemberRef,
        expected: Expected,
    },
    RestoreMember {
        member: MemberRef,
        restore: RestoreAs,
    },

    CreateItem {
        new: NewItem,
    },
    UpdateItem {
        item: ItemRef,
        patch: ItemPatch,
        expected: Expected,
    },
    MoveItem {
        item: ItemRef,
        to: MoveItem,
        expected: Expected,
    },
    DeleteItem {
        item: ItemRef,
        expected: Expected,
    },
    RestoreItem {
        item: ItemRef,
    },
    Assign {
        item: ItemRef,
        member: MemberRef,
        expected: Expected,
    },
    Unassign {
        item: ItemRef,
        member: MemberRef,
        expected: Expected,
    },
    AddLabel {
        item: ItemRef,
        label: Label,
        expected: Expected,
    },
    RemoveLabel {
        item: ItemRef,
        label: Label,
        expected: Expected,
    },
    /// `criterion` counts from 0.
    SetAcceptance {
        item: ItemRef,
        criterion: usize,
        done: bool,
        expected: Expected,
    },

    CreateComment {
        item: ItemRef,
        new: NewComment,
    },
    UpdateComment {
        item: ItemRef,
        comment: CommentId,
        patch: CommentPatch,
        expected: Expected,
    },
    DeleteComment {
        item: ItemRef,
        comment: CommentId,
        expected: Expected,
    },
    RestoreComment {
        item: ItemRef,
        comment: CommentId,
    },

    /// Queues a run: of a task, to do it; of an epic or feature, to plan it.
    StartRun {
        item: ItemRef,
        new: NewRun,
    },
    /// A worker takes a run that is queued.
    ClaimRun {
        run: RunId,
        engaged: Engaged,
    },
    /// What the worker does that has it.
    WorkRun {
        run: RunId,
        fence: u64,
        step: WorkStep,
    },
    /// Nothing was heard of its worker since that claim for as long as a lease is.
    LapseRun {
        run: RunId,
        claim: u64,
    },
    /// Its workers had it for all its minutes.
    EndRunOutOfTime {
        run: RunId,
        claim: u64,
    },
    CancelRun {
        run: RunId,
        reason: Body,
    },
    AnswerRun {
        run: RunId,
        answer: AnswerRun,
    },
    AcceptRun {
        run: RunId,
    },
    RejectRun {
        run: RunId,
        reason: Body,
    },
    /// Another attempt, whatever came of this one.
    RetryRun {
        run: RunId,
    },
    /// `n` counts from 0.
    AcceptProposal {
        item: ItemRef,
        n: usize,
        patch: ProposalPatch,
    },
    DismissProposal {
        item: ItemRef,
        n: usize,
    },
    /// What an agent does on the way, with a tool: refused when the run is not its worker's any more.
    AsRun {
        run: RunId,
        fence: u64,
        command: Box<Command>,
    },
    /// What may be spent, in micro-dollars.
    SetBudget {
        scope: Sight,
        day: Option<u64>,
        total: Option<u64>,
    },
    /// Stops all AI members, or lets them work again.
    SwitchAgents {
        on: bool,
    },
}
