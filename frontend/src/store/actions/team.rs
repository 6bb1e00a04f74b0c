use serde_json::json;
use shared_types::{
    command::{NewTeam, TeamPatch},
    model::{Entity, Team},
    value::{MemberId, ProjectId, Slug, TeamId},
};

use super::draft::{before, fields, guess_slug, stamp};
use crate::store::{
    Store,
    ids::fresh_uuid,
    outbox::{Draft, Method},
    overlay::{Change, Effect, Kind},
};

fn path(project: ProjectId, id: TeamId) -> String {
    format!("/projects/{project}/teams/{id}")
}

impl Store {
    /// Creates a team in a project; its id is made here.
    pub fn create_team(&self, project: ProjectId, mut new: NewTeam) -> TeamId {
        let id = *new.id.get_or_insert_with(|| fresh_uuid().into());
        let slug = new
            .slug
            .clone()
            .or_else(|| guess_slug(&new.name, id.uuid()));
        let entity = slug.map(|slug| Team {
            stamp: stamp(id),
            project,
            slug,
            name: new.name.clone(),
            mission: new.mission.clone(),
            members: Vec::new(),
        });
        let what = format!("Create {}", new.name);
        let create = Draft::create(
            Kind::Team,
            id.uuid(),
            format!("/projects/{project}/teams"),
            what.clone(),
            &new,
            &entity,
        );
        let undo = Draft::delete(
            Kind::Team,
            id.uuid(),
            path(project, id),
            what.clone(),
            Vec::new(),
        );
        let redo = Draft::restore(
            Kind::Team,
            id.uuid(),
            path(project, id),
            what,
            None,
            entity.as_ref(),
        );
        self.perform(create, vec![undo], vec![redo]);
        id
    }

    /// Changes a team.
    pub fn update_team(&self, id: TeamId, patch: TeamPatch) {
        let Some(was) = self.read(|state| state.team(id).cloned()) else {
            return;
        };
        let changed = fields(&patch);
        let draft = |fields| {
            Draft::patch(
                Kind::Team,
                id.uuid(),
                path(was.project, id),
                format!("Change {}", was.name),
                fields,
            )
        };
        let (redo, undo) = (draft(changed.clone()), draft(before(&*was, &changed)));
        self.perform(redo.clone(), vec![undo], vec![redo]);
    }

    /// Deletes a team; its items go back to the project.
    pub fn delete_team(&self, id: TeamId) {
        let Some((was, items)) = self.read(|state| {
            let items: Vec<_> = state
                .items()
                .filter(|item| item.team == Some(id))
                .map(|item| item.id().uuid())
                .collect();
            Some((state.team(id)?.clone(), items))
        }) else {
            return;
        };
        let what = format!("Delete {}", was.name);
        let mut draft = Draft::delete(
            Kind::Team,
            id.uuid(),
            path(was.project, id),
            what.clone(),
            Vec::new(),
        );
        let no_team = |item| Effect::merge(Kind::Item, item, json!({ "team": null }));
        draft.effects.extend(items.into_iter().map(no_team));
        let undo = Draft::restore(
            Kind::Team,
            id.uuid(),
            path(was.project, id),
            what,
            None,
            Some(&*was),
        );
        self.perform(draft.clone(), vec![undo], vec![draft]);
    }

    /// Brings back a deleted team, under another slug where its own is taken.
    pub fn restore_team(&self, project: ProjectId, id: TeamId, slug: Option<Slug>) {
        let what = "Restore a team".to_owned();
        let draft = Draft::restore::<Team>(
            Kind::Team,
            id.uuid(),
            path(project, id),
            what.clone(),
            slug,
            None,
        );
        let undo = Draft::delete(Kind::Team, id.uuid(), path(project, id), what, Vec::new());
        self.perform(draft.clone(), vec![undo], vec![draft]);
    }

    /// Takes a member into a team.
    pub fn join_team(&self, id: TeamId, member: MemberId) {
        self.set_membership(id, member, true);
    }

    /// Takes a member out of a team, and off its items.
    pub fn leave_team(&self, id: TeamId, member: MemberId) {
        self.set_membership(id, member, false);
    }

    fn set_membership(&self, id: TeamId, member: MemberId, is_in: bool) {
        let Some((was, name)) =
            self.read(|state| Some((state.team(id)?.clone(), state.member_name(member))))
        else {
            return;
        };
        let draft = |is_in: bool| {
            let (list, value) = ("members".to_owned(), json!(member));
            let (method, change, what) = match is_in {
                true => (
                    Method::Put,
                    Change::Add(list, value),
                    format!("Take {name} into {}", was.name),
                ),
                false => (
                    Method::Delete,
                    Change::Remove(list, value),
                    format!("Take {name} out of {}", was.name),
                ),
            };
            let path = format!("{}/members/{member}", path(was.project, id));
            Draft::new(
                method,
                path,
                what,
                vec![Effect::new(Kind::Team, id.uuid(), change)],
            )
        };
        self.perform(draft(is_in), vec![draft(!is_in)], vec![draft(is_in)]);
    }
}
