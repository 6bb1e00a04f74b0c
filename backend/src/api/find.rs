//! Looking things up by the names in a path, for reads. Writes leave that to the rules.

use std::sync::Arc;

use shared_types::{
    Rejection,
    model::{Comment, Entity, Item, Member, Project, Run, Team},
    state::{Organization, Sight},
};

use super::{
    ApiError,
    path::{CommentPath, ItemPath, MemberPath, ProjectPath, RunPath, TeamPath},
};

/// Finds what a path names, or refuses with 404.
pub trait Find<'m> {
    /// What it names.
    type Found;

    /// Looks it up. What is out of sight is not found.
    fn find(&self, model: &'m Organization, sight: Sight) -> Result<Self::Found, ApiError>;
}

impl<'m> Find<'m> for ProjectPath {
    type Found = &'m Arc<Project>;

    fn find(&self, model: &'m Organization, sight: Sight) -> Result<Self::Found, ApiError> {
        model
            .find_project(&self.project)
            .filter(|project| sight.has_project(project.id()))
            .ok_or_else(|| Rejection::not_found("project", &self.project).into())
    }
}

impl<'m> Find<'m> for TeamPath {
    type Found = &'m Arc<Team>;

    fn find(&self, model: &'m Organization, sight: Sight) -> Result<Self::Found, ApiError> {
        let project = model
            .find_project(&self.project)
            .filter(|project| sight.has_project(project.id()));
        let project = project.ok_or_else(|| Rejection::not_found("project", &self.project))?;
        let team = model.find_team(project.id(), &self.team);
        team.ok_or_else(|| Rejection::not_found("team", &self.team).into())
    }
}

impl<'m> Find<'m> for MemberPath {
    type Found = &'m Arc<Member>;

    fn find(&self, model: &'m Organization, sight: Sight) -> Result<Self::Found, ApiError> {
        model
            .find_member(&self.member)
            .filter(|member| sight.has_member(member.id()))
            .ok_or_else(|| Rejection::not_found("member", &self.member).into())
    }
}

impl<'m> Find<'m> for ItemPath {
    type Found = &'m Arc<Item>;

    fn find(&self, model: &'m Organization, sight: Sight) -> Result<Self::Found, ApiError> {
        model
            .find_item(&self.item)
            .filter(|item| sight.has_item(item))
            .ok_or_else(|| Rejection::not_found("item", &self.item).into())
    }
}

impl<'m> Find<'m> for CommentPath {
    type Found = &'m Arc<Comment>;

    fn find(&self, model: &'m Organization, sight: Sight) -> Result<Self::Found, ApiError> {
        let item = model
            .find_item(&self.item)
            .filter(|item| sight.has_item(item))
            .ok_or_else(|| Rejection::not_found("item", &self.item))?;
        let comment = model
            .comment(self.comment)
            .filter(|comment| comment.item == item.id());
        comment.ok_or_else(|| Rejection::not_found("comment", self.comment).into())
    }
}

impl<'m> Find<'m> for RunPath {
    type Found = &'m Arc<Run>;

    fn find(&self, model: &'m Organization, sight: Sight) -> Result<Self::Found, ApiError> {
        model
            .run(self.run)
            .filter(|run| model.sees_run(sight, run))
            .ok_or_else(|| Rejection::not_found("run", self.run).into())
    }
}
