//! Reading what is deleted too: for restoring, and for names and ids that must not be given out twice.

use std::sync::Arc;

use super::{Organization, Scope, Stored};
use crate::{
    model::{Comment, Entity, Item, Member, Project, Run, Team},
    topic::{ItemRef, MemberRef, ProjectRef, Ref, TeamRef},
    value::{CommentId, ItemId, MemberId, ProjectId, ProjectKey, Rank, RunId, Slug, TeamId},
};

impl Organization {
    pub(crate) fn any_project(&self, id: ProjectId) -> Option<&Stored<Project>> {
        self.projects.get(&id)
    }

    pub(crate) fn any_team(&self, id: TeamId) -> Option<&Stored<Team>> {
        self.teams.get(&id)
    }

    pub(crate) fn any_member(&self, id: MemberId) -> Option<&Stored<Member>> {
        self.members.get(&id)
    }

    pub(crate) fn any_item(&self, id: ItemId) -> Option<&Stored<Item>> {
        self.items.get(&id)
    }

    pub(crate) fn any_run(&self, id: RunId) -> Option<&Arc<Run>> {
        self.runs.get(&id)
    }

    pub(crate) fn any_comment(&self, id: CommentId) -> Option<&Stored<Comment>> {
        self.comments.get(&id)
    }

    /// By id, or of the deleted ones with that slug the one that went last; else a live one.
    pub(crate) fn any_project_named(&self, name: &ProjectRef) -> Option<&Stored<Project>> {
        match name {
            Ref::Id(id) => self.any_project(*id),
            Ref::Name(slug) => latest_deleted(
                self.projects
                    .values()
                    .filter(|stored| stored.value.slug == *slug),
            )
            .or_else(|| self.any_project(self.find_project(name)?.id())),
        }
    }

    /// As [`Organization::any_project_named`].
    pub(crate) fn any_team_named(
        &self,
        project: ProjectId,
        name: &TeamRef,
    ) -> Option<&Stored<Team>> {
        let stored = match name {
            Ref::Id(id) => self.any_team(*id),
            Ref::Name(slug) => {
                let of_project = self
                    .teams
                    .values()
                    .filter(|stored| stored.value.project == project);
                latest_deleted(of_project.filter(|stored| stored.value.slug == *slug))
                    .or_else(|| self.any_team(self.find_team(project, name)?.id()))
            }
        };
        stored.filter(|stored| stored.value.project == project)
    }

    /// As [`Organization::any_project_named`].
    pub(crate) fn any_member_named(&self, name: &MemberRef) -> Option<&Stored<Member>> {
        match name {
            Ref::Id(id) => self.any_member(*id),
            Ref::Name(slug) => latest_deleted(
                self.members
                    .values()
                    .filter(|stored| stored.value.slug == *slug),
            )
            .or_else(|| self.any_member(self.find_member(name)?.id())),
        }
    }

    pub(crate) fn any_item_named(&self, name: &ItemRef) -> Option<&Stored<Item>> {
        match name {
            Ref::Id(id) => self.any_item(*id),
            Ref::Name(key) => self.any_item(*self.names.item_keys.get(key)?),
        }
    }

    /// All teams of all projects that are not deleted.
    pub(crate) fn teams(&self) -> impl Iterator<Item = &Arc<Team>> {
        self.teams.keys().filter_map(|id| self.team(*id))
    }

    pub(crate) fn has_project_key(&self, key: &ProjectKey) -> bool {
        self.names.project_keys.contains_key(key)
    }

    pub(crate) fn live_project_slug(&self, slug: &Slug) -> Option<ProjectId> {
        self.names.projects.get(slug).copied()
    }

    pub(crate) fn live_team_slug(&self, project: ProjectId, slug: &Slug) -> Option<TeamId> {
        self.names.teams.get(&(project, slug.clone())).copied()
    }

    pub(crate) fn live_member_slug(&self, slug: &Slug) -> Option<MemberId> {
        self.names.members.get(slug).copied()
    }

    /// The last number given out in a scope.
    pub(crate) fn last_number(&self, scope: Scope) -> u32 {
        self.numbers.get(&scope).copied().unwrap_or(0)
    }

    /// The highest rank in a scope.
    pub(crate) fn last_rank(&self, scope: Scope) -> Option<&Rank> {
        self.index
            .ranks
            .get(&scope)?
            .get_max()
            .map(|(rank, _)| rank)
    }

    /// The next higher rank after a place, passing over one item.
    pub(crate) fn rank_above(
        &self,
        scope: Scope,
        place: &(Rank, ItemId),
        but: ItemId,
    ) -> Option<Rank> {
        let mut above = self.index.ranks.get(&scope)?.range(place.clone()..);
        above
            .find(|(rank, id)| *rank > place.0 && *id != but)
            .map(|(rank, _)| rank.clone())
    }

    /// The next lower rank before a place, passing over one item.
    pub(crate) fn rank_below(
        &self,
        scope: Scope,
        place: &(Rank, ItemId),
        but: ItemId,
    ) -> Option<Rank> {
        let mut below = self.index.ranks.get(&scope)?.range(..place.clone()).rev();
        below
            .find(|(rank, id)| *rank < place.0 && *id != but)
            .map(|(rank, _)| rank.clone())
    }
}

fn latest_deleted<'a, T: 'a>(stored: impl Iterator<Item = &'a Stored<T>>) -> Option<&'a Stored<T>> {
    stored
        .filter(|stored| stored.deleted.is_some())
        .max_by_key(|stored| stored.deleted)
}
