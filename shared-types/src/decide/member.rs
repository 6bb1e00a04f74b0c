use std::sync::Arc;

use super::{
    Subject,
    draft::{Draft, changed, check_restorable, check_version},
    limits, slug,
};
use crate::{
    command::{Expected, MemberPatch, NewMember, RestoreAs},
    error::{ErrorCode, Rejection},
    event::EventBody,
    model::{AgentProfile, Entity, Member, MemberKind, Team},
    topic::MemberRef,
    value::{AccountId, ItemId, Name, Slug},
};

impl Draft<'_> {
    /// The member, or that there is none.
    pub(super) fn member(&self, name: &MemberRef) -> Result<Arc<Member>, Rejection> {
        self.find_member(name)
            .cloned()
            .ok_or_else(|| Rejection::not_found("member", name))
    }

    pub(super) fn create_member(&mut self, new: &NewMember) -> Result<Subject, Rejection> {
        let count = self.model.member_count();
        limits::check_count("members", count, limits::MEMBERS)?;
        if new.kind == MemberKind::Human && new.agent.is_some() {
            return Err(agent_of_a_person());
        }
        if let Some(agent) = &new.agent {
            check_profile(agent)?;
        }
        let slug = slug::choose(new.slug.as_ref(), &new.name, "member", count + 1, |slug| {
            self.is_member_slug(slug)
        })?;
        let member = Member {
            stamp: self.stamp(new.id, |model, id| model.any_member(*id).is_some())?,
            slug,
            name: new.name.clone(),
            title: new.title.as_ref().map(Name::to_string).unwrap_or_default(),
            kind: new.kind,
            agent: (new.kind == MemberKind::Agent).then(|| new.agent.clone().unwrap_or_default()),
            account: None,
        };
        let subject = Subject::Member(member.id());
        self.emit(EventBody::MemberCreated { member });
        Ok(subject)
    }

    pub(super) fn update_member(
        &mut self,
        name: &MemberRef,
        patch: &MemberPatch,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let before = self.member(name)?;
        let subject = Subject::Member(before.id());
        check_version(&*before, expected, subject)?;
        let mut member = Member::clone(&before);
        if let Some(name) = patch.name.as_ref() {
            member.name = name.clone();
        }
        if let Some(slug) = patch.slug.as_ref().filter(|slug| **slug != before.slug) {
            slug::check_free(slug, |slug| self.is_member_slug(slug))?;
            member.slug = slug.clone();
        }
        if let Some(title) = patch.title.as_ref() {
            member.title = title.as_ref().map(Name::to_string).unwrap_or_default();
        }
        if let Some(agent) = patch.agent.as_ref() {
            if member.kind == MemberKind::Human {
                return Err(agent_of_a_person());
            }
            let agent = agent.apply(member.agent.take().unwrap_or_default());
            check_profile(&agent)?;
            member.agent = Some(agent);
        }
        let changed = changed!(before, member, slug, name, title, agent);
        if !changed.is_empty() {
            member.stamp.touch(self.context.at);
            self.emit(EventBody::MemberUpdated { member, changed });
        }
        Ok(subject)
    }

    /// An account of an AI member would be a person's way to act as it.
    pub(super) fn link_member(
        &mut self,
        name: &MemberRef,
        account: Option<AccountId>,
    ) -> Result<Subject, Rejection> {
        let before = self.member(name)?;
        if before.kind == MemberKind::Agent && account.is_some() {
            let message = "an AI member has no account: name a person";
            return Err(Rejection::field(ErrorCode::Validation, "/member", message));
        }
        let mut member = Member::clone(&before);
        member.account = account;
        let changed = changed!(before, member, account);
        if !changed.is_empty() {
            member.stamp.touch(self.context.at);
            self.emit(EventBody::MemberUpdated { member, changed });
        }
        Ok(Subject::Member(before.id()))
    }

    /// A deleted member leaves its teams, and what was assigned to it is nobody's.
    pub(super) fn delete_member(
        &mut self,
        name: &MemberRef,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let member = self.member(name)?;
        let id = member.id();
        check_version(&*member, expected, Subject::Member(id))?;
        if self.context.member == Some(id) {
            return Err(Rejection::new(
                ErrorCode::Forbidden,
                "You can't delete yourself: ask another member.",
            ));
        }
        self.end_runs_by(id);
        let items: Vec<ItemId> = self
            .model
            .items_of_member(id)
            .map(|item| item.id())
            .collect();
        items
            .into_iter()
            .for_each(|item| self.take_off_item(item, id));
        let teams: Vec<Arc<Team>> = self
            .model
            .teams()
            .filter(|team| team.members.contains(&id))
            .cloned()
            .collect();
        for team in teams {
            self.take_out_of_team(&team, id);
        }
        self.emit(EventBody::MemberDeleted {
            member: Member::clone(&member),
        });
        Ok(Subject::Member(id))
    }

    pub(super) fn restore_member(
        &mut self,
        name: &MemberRef,
        restore: &RestoreAs,
    ) -> Result<Subject, Rejection> {
        let found = self.model.any_member_named(name).cloned();
        let stored = found.ok_or_else(|| Rejection::not_found("member", name))?;
        check_restorable("member", name, stored.deleted, self.context.at)?;
        let mut member = Member::clone(&stored.value);
        if let Some(slug) = restore.slug.as_ref().filter(|slug| **slug != member.slug) {
            member.slug = slug.clone();
            member.stamp.touch(self.context.at);
        }
        slug::check_free(&member.slug, |slug| self.is_member_slug(slug))?;
        let subject = Subject::Member(member.id());
        self.emit(EventBody::MemberRestored { member });
        Ok(subject)
    }

    fn is_member_slug(&self, slug: &Slug) -> bool {
        self.model.live_member_slug(slug).is_some()
    }
}

fn agent_of_a_person() -> Rejection {
    let message = "only an AI member has one: leave it out, or make the kind \"agent\"";
    Rejection::field(ErrorCode::Validation, "/agent", message)
}

/// Refuses limits that make no sense.
fn check_profile(profile: &AgentProfile) -> Result<(), Rejection> {
    match profile.limits.fault() {
        None => Ok(()),
        Some((name, message)) => {
            let pointer = format!("/agent/limits/{name}");
            Err(Rejection::field(ErrorCode::Validation, &pointer, message))
        }
    }
}
