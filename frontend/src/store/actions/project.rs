use shared_types::{
    command::{NewProject, ProjectPatch},
    model::{Entity, Project},
    value::{ProjectId, ProjectKey, Slug},
};

use super::draft::{before, fields, guess_slug, stamp};
use crate::store::{Store, ids::fresh_uuid, outbox::Draft, overlay::Kind};

fn path(id: ProjectId) -> String {
    format!("/projects/{id}")
}

impl Store {
    /// Creates a project; its id is made here.
    pub fn create_project(&self, mut new: NewProject) -> ProjectId {
        let id = *new.id.get_or_insert_with(|| fresh_uuid().into());
        let entity = guess_project(&new, id);
        let what = format!("Create {}", new.name);
        let create = Draft::create(
            Kind::Project,
            id.uuid(),
            "/projects".into(),
            what.clone(),
            &new,
            &entity,
        );
        let undo = Draft::delete(Kind::Project, id.uuid(), path(id), what.clone(), Vec::new());
        let redo = Draft::restore(
            Kind::Project,
            id.uuid(),
            path(id),
            what,
            None,
            entity.as_ref(),
        );
        self.perform(create, vec![undo], vec![redo]);
        id
    }

    /// Changes a project.
    pub fn update_project(&self, id: ProjectId, patch: ProjectPatch) {
        let Some(was) = self.read(|state| state.project(id).cloned()) else {
            return;
        };
        let changed = fields(&patch);
        let draft = |fields| {
            Draft::patch(
                Kind::Project,
                id.uuid(),
                path(id),
                format!("Change {}", was.name),
                fields,
            )
        };
        let (redo, undo) = (draft(changed.clone()), draft(before(&*was, &changed)));
        self.perform(redo.clone(), vec![undo], vec![redo]);
    }

    /// Deletes a project with all that is in it.
    pub fn delete_project(&self, id: ProjectId) {
        let (was, hidden) = self.read(|state| {
            let teams = state
                .teams_of(id)
                .map(|team| (Kind::Team, team.id().uuid()));
            let items = state
                .items_in(Some(id))
                .map(|item| (Kind::Item, item.id().uuid()));
            (state.project(id).cloned(), teams.chain(items).collect())
        });
        let what = format!(
            "Delete {}",
            was.as_ref().map_or("a project", |was| &was.name)
        );
        let draft = Draft::delete(Kind::Project, id.uuid(), path(id), what.clone(), hidden);
        let undo = Draft::restore(
            Kind::Project,
            id.uuid(),
            path(id),
            what,
            None,
            was.as_deref(),
        );
        self.perform(draft.clone(), vec![undo], vec![draft]);
    }

    /// Brings back a deleted project, under another slug where its own is taken.
    pub fn restore_project(&self, id: ProjectId, slug: Option<Slug>) {
        let what = "Restore a project".to_owned();
        let draft =
            Draft::restore::<Project>(Kind::Project, id.uuid(), path(id), what.clone(), slug, None);
        let undo = Draft::delete(Kind::Project, id.uuid(), path(id), what, Vec::new());
        self.perform(draft.clone(), vec![undo], vec![draft]);
    }
}

/// What a new project will look like, until the server says what it does.
fn guess_project(new: &NewProject, id: ProjectId) -> Option<Project> {
    let slug = new
        .slug
        .clone()
        .or_else(|| guess_slug(&new.name, id.uuid()))?;
    let letters: String = new
        .name
        .chars()
        .filter(char::is_ascii_alphabetic)
        .take(4)
        .collect();
    let made = || {
        letters
            .to_ascii_uppercase()
            .parse::<ProjectKey>()
            .or_else(|_| "NEW".parse())
            .ok()
    };
    Some(Project {
        stamp: stamp(id),
        slug,
        key: new.key.clone().or_else(made)?,
        name: new.name.clone(),
        description: new.description.clone(),
        archived: false,
    })
}
