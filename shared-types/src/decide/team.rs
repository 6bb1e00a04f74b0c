use std::sync::Arc;

use super::{
    Subject,
    draft::{Draft, changed, check_restorable, check_version},
    limits, slug,
};
use crate::{
    command::{Expected, NewTeam, RestoreAs, TeamPatch},
    error::Rejection,
    event::EventBody,
    model::{Entity, Item, Team},
    topic::{MemberRef, ProjectRef, TeamRef},
    value::{ItemId, MemberId, ProjectId, Slug},
};

impl Draft<'_> {
    /// The team of that project, or that there is none.
    fn team(&self, project: &ProjectRef, name: &TeamRef) -> Result<Arc<Team>, Rejection> {
        let project = self.project(project)?.id();
        self.find_team(project, name)
            .cloned()
            .ok_or_else(|| Rejection::not_found("team", name))
    }

    pub(super) fn create_team(
        &mut self,
        project: &ProjectRef,
        new: &NewTeam,
    ) -> Result<Subject, Rejection> {
        let project = self.project(project)?.id();
        let count = self.model.teams_of(project).count();
        limits::check_count("teams in this project", count, limits::TEAMS_OF_A_PROJECT)?;
        let taken = |slug: &Slug| self.is_team_slug(project, slug);
        let slug = slug::choose(new.slug.as_ref(), &new.name, "team", count + 1, taken)?;
        let team = Team {
            stamp: self.stamp(new.id, |model, id| model.any_team(*id).is_some())?,
            project,
            slug,
            name: new.name.clone(),
            mission: new.mission.clone(),
            members: Vec::new(),
        };
        let subject = Subject::Team(team.id());
        self.emit(EventBody::TeamCreated { team });
        Ok(subject)
    }

    pub(super) fn update_team(
        &mut self,
        project: &ProjectRef,
        name: &TeamRef,
        patch: &TeamPatch,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let before = self.team(project, name)?;
        check_version(&*before, expected, Subject::Team(before.id()))?;
        let mut team = Team::clone(&before);
        if let Some(name) = patch.name.as_ref() {
            team.name = name.clone();
        }
        if let Some(slug) = patch.slug.as_ref().filter(|slug| **slug != before.slug) {
            slug::check_free(slug, |slug| self.is_team_slug(team.project, slug))?;
            team.slug = slug.clone();
        }
        if let Some(mission) = patch.mission.as_ref() {
            team.mission = mission.clone();
        }
        Ok(self.put_team(&before, team))
    }

    pub(super) fn delete_team(
        &mut self,
        project: &ProjectRef,
        name: &TeamRef,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let team = self.team(project, name)?;
        let subject = Subject::Team(team.id());
        check_version(&*team, expected, subject)?;
        // Its items go back to the project.
        let items: Vec<Arc<Item>> = self.model.items_of_team(team.id()).cloned().collect();
        for before in items {
            let mut item = Item::clone(&before);
            item.team = None;
            self.put_item(&before, item);
        }
        self.emit(EventBody::TeamDeleted {
            team: Team::clone(&team),
        });
        Ok(subject)
    }

    pub(super) fn restore_team(
        &mut self,
        project: &ProjectRef,
        name: &TeamRef,
        restore: &RestoreAs,
    ) -> Result<Subject, Rejection> {
        let project = self.project(project)?.id();
        let found = self.model.any_team_named(project, name).cloned();
        let stored = found.ok_or_else(|| Rejection::not_found("team", name))?;
        check_restorable("team", name, stored.deleted, self.context.at)?;
        let mut team = Team::clone(&stored.value);
        team.members
            .retain(|member| self.model.member(*member).is_some());
        if let Some(slug) = &restore.slug {
            team.slug = slug.clone();
        }
        slug::check_free(&team.slug, |slug| self.is_team_slug(project, slug))?;
        if team != *stored.value {
            team.stamp.touch(self.context.at);
        }
        let subject = Subject::Team(team.id());
        self.emit(EventBody::TeamRestored { team });
        Ok(subject)
    }

    pub(super) fn join_team(
        &mut self,
        project: &ProjectRef,
        name: &TeamRef,
        member: &MemberRef,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let before = self.team(project, name)?;
        check_version(&*before, expected, Subject::Team(before.id()))?;
        let member = self.member(member)?.id();
        let mut team = Team::clone(&before);
        if let Err(place) = team.members.binary_search(&member) {
            team.members.insert(place, member);
        }
        Ok(self.put_team(&before, team))
    }

    pub(super) fn leave_team(
        &mut self,
        project: &ProjectRef,
        name: &TeamRef,
        member: &MemberRef,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let team = self.team(project, name)?;
        check_version(&*team, expected, Subject::Team(team.id()))?;
        let member = self.member(member)?.id();
        Ok(self.take_out_of_team(&team, member))
    }

    /// Takes a member out of a team, and off what they were assigned there.
    pub(super) fn take_out_of_team(&mut self, before: &Arc<Team>, member: MemberId) -> Subject {
        let of_team = self.model.items_of_team(before.id());
        let items: Vec<ItemId> = of_team
            .filter(|item| item.assignees.contains(&member))
            .map(|item| item.id())
            .collect();
        items
            .into_iter()
            .for_each(|item| self.take_off_item(item, member));
        let mut team = Team::clone(before);
        team.members.retain(|other| *other != member);
        self.put_team(before, team)
    }

    /// Drops members who have been deleted while the project was.
    pub(super) fn repair_teams_of(&mut self, project: ProjectId) {
        let teams: Vec<Arc<Team>> = self.model.teams_of(project).cloned().collect();
        for before in teams {
            let mut team = Team::clone(&before);
            team.members
                .retain(|member| self.model.member(*member).is_some());
            self.put_team(&before, team);
        }
    }

    fn put_team(&mut self, before: &Team, mut team: Team) -> Subject {
        let subject = Subject::Team(team.id());
        let changed = changed!(before, team, slug, name, mission, members);
        if !changed.is_empty() {
            team.stamp.touch(self.context.at);
            self.emit(EventBody::TeamUpdated { team, changed });
        }
        subject
    }

    fn is_team_slug(&self, project: ProjectId, slug: &Slug) -> bool {
        self.model.live_team_slug(project, slug).is_some()
    }
}
