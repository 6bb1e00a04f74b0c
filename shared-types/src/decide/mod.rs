//! Every rule of the domain: what a command comes to, given the model.

mod comment;
mod draft;
mod item;
mod limits;
mod member;
mod organization;
mod project;
mod repair;
mod run;
mod sight;
mod slug;
mod team;

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{
    command::Command,
    error::Rejection,
    event::{Actor, Event},
    state::{Organization, Reach, Sight},
    value::{CommentId, ItemId, MemberId, ProjectId, RunId, TeamId, Timestamp},
};

/// What a decision may depend on besides the model and the command. Drawn once per command, and kept when the command
/// is decided again.
#[derive(Debug, Clone)]
pub struct Context {
    pub at: Timestamp,
    /// Random; fresh ids are counted up from it.
    pub entropy: u128,
    pub actor: Actor,
    /// The member that acts, if it is one.
    pub member: Option<MemberId>,
    /// The request it came from.
    pub cause: String,
    /// What the one who acts may see: what lies outside is to them as if it were not there.
    pub sight: Sight,
    /// The address it came from, where one is known.
    pub from: Option<IpAddr>,
}

/// What a command comes to.
#[derive(Debug, Clone)]
pub struct Decision {
    /// None where nothing changes.
    pub events: Vec<Event>,
    /// The model with the events applied, and where each of them goes.
    pub organization: Organization,
    /// What `apply` said of each event, in the same order.
    pub reaches: Vec<Reach>,
    /// The entity it was about.
    pub subject: Subject,
}

/// One entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Subject {
    Organization,
    Project(ProjectId),
    Team(TeamId),
    Member(MemberId),
    Item(ItemId),
    Comment(CommentId),
    Run(RunId),
    /// What may be spent in a scope.
    Budget(Sight),
}

/// Decides a command against the model: what happens, or why nothing does. Depends on its arguments alone.
pub fn decide(
    organization: &Organization,
    command: &Command,
    context: &Context,
) -> Result<Decision, Rejection> {
    let mut draft = draft::Draft::new(organization, context);
    draft.check_sight(command)?;
    draft.take_in_hand(command)?;
    let subject = draft.carry_out(command)?;
    Ok(draft.finish(subject))
}

impl draft::Draft<'_> {
    fn carry_out(&mut self, command: &Command) -> Result<Subject, Rejection> {
        use Command as C;
        match command {
            C::UpdateOrganization { patch, expected } => self.update_organization(patch, *expected),
            C::CreateProject { new } => self.create_project(new),
            C::UpdateProject {
                project,
                patch,
                expected,
            } => self.update_project(project, patch, *expected),
            C::DeleteProject { project, expected } => self.delete_project(project, *expected),
            C::RestoreProject { project, restore } => self.restore_project(project, restore),
            C::CreateTeam { project, new } => self.create_team(project, new),
            C::UpdateTeam {
                project,
                team,
                patch,
                expected,
            } => self.update_team(project, team, patch, *expected),
            C::DeleteTeam {
                project,
                team,
                expected,
            } => self.delete_team(project, team, *expected),
            C::RestoreTeam {
                project,
                team,
                restore,
            } => self.restore_team(project, team, restore),
            C::JoinTeam {
                project,
                team,
                member,
                expected,
            } => self.join_team(project, team, member, *expected),
            C::LeaveTeam {
                project,
                team,
                member,
                expected,
            } => self.leave_team(project, team, member, *expected),
            C::CreateMember { new } => self.create_member(new),
            C::UpdateMember {
                member,
                patch,
                expected,
            } => self.update_member(member, patch, *expected),
            C::LinkMember { member, account } => self.link_member(member, *account),
            C::DeleteMember { member, expected } => self.delete_member(member, *expected),
            C::RestoreMember { member, restore } => self.restore_member(member, restore),
            C::CreateItem { new } => self.create_item(new),
            C::UpdateItem {
                item,
                patch,
                expected,
            } => self.update_item(item, patch, *expected),
            C::MoveItem { item, to, expected } => self.move_item(item, to, *expected),
            C::DeleteItem { item, expected } => self.delete_item(item, *expected),
            C::RestoreItem { item } => self.restore_item(item),
            C::Assign {
                item,
                member,
                expected,
            } => self.assign(item, member, *expected),
            C::Unassign {
                item,
                member,
                expected,
            } => self.unassign(item, member, *expected),
            C::AddLabel {
                item,
                label,
                expected,
            } => self.add_label(item, label, *expected),
            C::RemoveLabel {
                item,
                label,
                expected,
            } => self.remove_label(item, label, *expected),
            C::SetAcceptance {
                item,
                criterion,
                done,
                expected,
            } => self.set_acceptance(item, *criterion, *done, *expected),
            C::CreateComment { item, new } => self.create_comment(item, new),
            C::UpdateComment {
                item,
                comment,
                patch,
                expected,
            } => self.update_comment(item, *comment, patch, *expected),
            C::DeleteComment {
                item,
                comment,
                expected,
            } => self.delete_comment(item, *comment, *expected),
            C::RestoreComment { item, comment } => self.restore_comment(item, *comment),
            C::StartRun { item, new } => self.start_run(item, new),
            C::ClaimRun { run, engaged } => self.claim_run(*run, engaged),
            C::WorkRun { run, fence, step } => self.work_run(*run, *fence, step),
            C::LapseRun { run, claim } => self.lapse_run(*run, *claim),
            C::EndRunOutOfTime { run, claim } => self.end_run_out_of_time(*run, *claim),
            C::CancelRun { run, reason } => self.cancel_run(*run, reason),
            C::AnswerRun { run, answer } => self.answer_run(*run, answer),
            C::AcceptRun { run } => self.accept_run(*run),
            C::RejectRun { run, reason } => self.reject_run(*run, reason),
            C::RetryRun { run } => self.retry_run(*run),
            C::AcceptProposal { item, n, patch } => self.accept_proposal(item, *n, patch),
            C::DismissProposal { item, n } => self.dismiss_proposal(item, *n),
            C::AsRun {
                run,
                fence,
                command,
            } => self.as_run(*run, *fence, command),
            C::SetBudget { scope, day, total } => self.set_budget(*scope, *day, *total),
            C::SwitchAgents { on } => self.switch_agents(*on),
        }
    }
}
