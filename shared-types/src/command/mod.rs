//! Commands: what can be asked of an organization.

mod input;
mod patch;

pub use input::{
    CommentPatch, ItemPatch, MemberPatch, MoveItem, NewComment, NewItem, NewMember, NewProject,
    NewTeam, OrganizationPatch, ProjectPatch, RestoreAs, TeamPatch,
};
pub use patch::Patch;

use crate::{
    topic::{ItemRef, MemberRef, ProjectRef, TeamRef},
    value::{AccountId, CommentId, Label},
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
}
