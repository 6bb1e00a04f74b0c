use std::sync::Arc;

use super::{
    Subject,
    draft::{Draft, changed, check_restorable, check_version},
    limits, slug,
};
use crate::{
    command::{Expected, NewProject, ProjectPatch, RestoreAs},
    error::{ErrorCode, Rejection},
    event::EventBody,
    model::{Entity, Project},
    topic::ProjectRef,
    value::{ProjectKey, Slug},
};

impl Draft<'_> {
    /// The project, or that there is none.
    pub(super) fn project(&self, name: &ProjectRef) -> Result<Arc<Project>, Rejection> {
        self.find_project(name)
            .cloned()
            .ok_or_else(|| Rejection::not_found("project", name))
    }

    pub(super) fn create_project(&mut self, new: &NewProject) -> Result<Subject, Rejection> {
        let count = self.model.project_count();
        limits::check_count("projects", count, limits::PROJECTS)?;
        let slug = slug::choose(new.slug.as_ref(), &new.name, "project", count + 1, |slug| {
            self.is_project_slug(slug)
        })?;
        let key = match &new.key {
            Some(key) if self.model.has_project_key(key) => {
                let message = format!("{key} is or was the key of another project: choose another");
                return Err(Rejection::field(ErrorCode::KeyTaken, "/key", message));
            }
            Some(key) => key.clone(),
            None => ProjectKey::candidates(&new.name)
                .find(|key| !self.model.has_project_key(key))
                .ok_or_else(|| {
                    Rejection::field(ErrorCode::KeyTaken, "/key", "none is free: choose one")
                })?,
        };
        let project = Project {
            stamp: self.stamp(new.id, |model, id| model.any_project(*id).is_some())?,
            slug,
            key,
            name: new.name.clone(),
            description: new.description.clone(),
            archived: false,
        };
        let subject = Subject::Project(project.id());
        self.emit(EventBody::ProjectCreated { project });
        Ok(subject)
    }

    pub(super) fn update_project(
        &mut self,
        name: &ProjectRef,
        patch: &ProjectPatch,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let before = self.project(name)?;
        let subject = Subject::Project(before.id());
        check_version(&*before, expected, subject)?;
        let mut project = Project::clone(&before);
        if let Some(name) = patch.name.as_ref() {
            project.name = name.clone();
        }
        if let Some(slug) = patch.slug.as_ref().filter(|slug| **slug != before.slug) {
            slug::check_free(slug, |slug| self.is_project_slug(slug))?;
            project.slug = slug.clone();
        }
        if let Some(description) = patch.description.as_ref() {
            project.description = description.clone();
        }
        if let Some(archived) = patch.archived.as_ref() {
            project.archived = *archived;
        }
        let changed = changed!(before, project, slug, name, description, archived);
        if !changed.is_empty() {
            project.stamp.touch(self.context.at);
            self.emit(EventBody::ProjectUpdated { project, changed });
        }
        Ok(subject)
    }

    pub(super) fn delete_project(
        &mut self,
        name: &ProjectRef,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let project = self.project(name)?;
        let subject = Subject::Project(project.id());
        check_version(&*project, expected, subject)?;
        let items: Vec<_> = self
            .model
            .items_in(Some(project.id()))
            .map(|item| item.id())
            .collect();
        self.end_runs_of(items, "The project was deleted.");
        self.emit(EventBody::ProjectDeleted {
            project: Project::clone(&project),
        });
        Ok(subject)
    }

    pub(super) fn restore_project(
        &mut self,
        name: &ProjectRef,
        restore: &RestoreAs,
    ) -> Result<Subject, Rejection> {
        let found = self.model.any_project_named(name).cloned();
        let stored = found.ok_or_else(|| Rejection::not_found("project", name))?;
        check_restorable("project", name, stored.deleted, self.context.at)?;
        let mut project = Project::clone(&stored.value);
        if let Some(slug) = restore.slug.as_ref().filter(|slug| **slug != project.slug) {
            project.slug = slug.clone();
            project.stamp.touch(self.context.at);
        }
        slug::check_free(&project.slug, |slug| self.is_project_slug(slug))?;
        let id = project.id();
        self.emit(EventBody::ProjectRestored { project });
        self.repair_teams_of(id);
        let items: Vec<_> = self
            .model
            .items_in(Some(id))
            .map(|item| item.id())
            .collect();
        items.into_iter().for_each(|item| self.repair_item(item));
        Ok(Subject::Project(id))
    }

    fn is_project_slug(&self, slug: &Slug) -> bool {
        self.model.live_project_slug(slug).is_some()
    }
}
