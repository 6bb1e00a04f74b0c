//! Looking things up as the one who acts sees them: what is out of sight is not found, in the same words.

use std::sync::Arc;

use super::draft::Draft;
use crate::{
    command::Command,
    error::{ErrorCode, Rejection},
    model::{Entity, Item, Member, Project, Team},
    state::Sight,
    topic::{ItemRef, MemberRef, ProjectRef, TeamRef},
    value::ProjectId,
};

impl Draft<'_> {
    pub(super) fn find_project(&self, name: &ProjectRef) -> Option<&Arc<Project>> {
        let found = self.model.find_project(name)?;
        self.context.sight.has_project(found.id()).then_some(found)
    }

    pub(super) fn find_team(&self, project: ProjectId, name: &TeamRef) -> Option<&Arc<Team>> {
        let found = self.model.find_team(project, name)?;
        self.context
            .sight
            .has_project(found.project)
            .then_some(found)
    }

    pub(super) fn find_member(&self, name: &MemberRef) -> Option<&Arc<Member>> {
        let found = self.model.find_member(name)?;
        let may_name = self.model.may_name_member(self.context.sight, found.id());
        may_name.then_some(found)
    }

    pub(super) fn find_item(&self, name: &ItemRef) -> Option<&Arc<Item>> {
        let found = self.model.find_item(name)?;
        self.context.sight.has_item(found).then_some(found)
    }

    /// Refuses what one who sees only a part can't do, whatever there is: it would reach beyond that part.
    pub(super) fn check_sight(&self, command: &Command) -> Result<(), Rejection> {
        use Command as C;
        let sight = self.context.sight;
        let sees_backlog = matches!(sight, Sight::Organization | Sight::Backlog);
        let whole_only = match command {
            C::UpdateOrganization { .. }
            | C::CreateProject { .. }
            | C::DeleteProject { .. }
            | C::RestoreProject { .. }
            | C::CreateMember { .. }
            | C::UpdateMember { .. }
            | C::LinkMember { .. }
            | C::DeleteMember { .. }
            | C::RestoreMember { .. }
            | C::LapseRun { .. }
            | C::EndRunOutOfTime { .. }
            | C::SetBudget { .. }
            | C::SwitchAgents { .. } => true,
            C::CreateItem { new } => match sight {
                Sight::Member(_) => true,
                _ => new.project.is_none() && !sees_backlog,
            },
            C::RestoreItem { .. } => matches!(sight, Sight::Member(_)),
            C::UpdateItem { patch, .. } => {
                matches!(patch.project.as_ref(), Some(None)) && !sees_backlog
            }
            C::MoveItem { to, .. } => matches!(to.project.as_ref(), Some(None)) && !sees_backlog,
            _ => false,
        };
        if sight.is_everything() {
            return Ok(());
        }
        if chooses_id(command) {
            // Whether it is taken would tell what there is out of sight.
            let message = format!(
                "can't be chosen with a token for {sight} alone: leave it out, and send an Idempotency-Key to make a retry safe"
            );
            return Err(Rejection::field(ErrorCode::Validation, "/id", message));
        }
        if !whole_only {
            return Ok(());
        }
        let detail = format!(
            "This token is for {sight} alone, and this reaches beyond it: use one for the organization."
        );
        Err(Rejection::new(ErrorCode::Forbidden, detail))
    }
}

/// Whether something is to be made under an id that the client has chosen.
fn chooses_id(command: &Command) -> bool {
    use Command as C;
    match command {
        C::CreateProject { new } => new.id.is_some(),
        C::CreateTeam { new, .. } => new.id.is_some(),
        C::CreateMember { new } => new.id.is_some(),
        C::CreateItem { new } => new.id.is_some(),
        C::CreateComment { new, .. } => new.id.is_some(),
        _ => false,
    }
}
