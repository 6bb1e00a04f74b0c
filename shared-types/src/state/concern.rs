//! Whom it concerns that a run waits for a person.

use std::collections::BTreeSet;

use super::Organization;
use crate::{
    model::{Entity, MemberKind, Run},
    value::MemberId,
};

impl Organization {
    /// The people whom what a run asks or hands in concerns: who had it done, who is assigned to its item or in the item's
    /// team, and who has answered it or reviewed an attempt before it. None of them: nobody in particular, so everybody.
    pub fn people_concerned(&self, run: &Run) -> BTreeSet<MemberId> {
        let item = self.item(run.item);
        let assignees = item.into_iter().flat_map(|item| item.assignees.iter());
        let team = item.and_then(|item| self.team(item.team?));
        let team = team.into_iter().flat_map(|team| team.members.iter());
        let answered = run
            .exchanges
            .iter()
            .filter_map(|exchange| exchange.by.as_ref());
        let before = self
            .runs_of(run.item)
            .filter(|other| other.id() != run.id());
        let reviewed = before.filter_map(|other| other.reviewer.as_ref());
        let all = run
            .by
            .iter()
            .chain(assignees)
            .chain(team)
            .chain(answered)
            .chain(reviewed);
        all.copied().filter(|id| self.is_person(*id)).collect()
    }

    /// Whether that concerns this member.
    pub fn concerns(&self, run: &Run, member: MemberId) -> bool {
        let people = self.people_concerned(run);
        people.contains(&member) || (people.is_empty() && self.is_person(member))
    }

    pub(crate) fn is_person(&self, id: MemberId) -> bool {
        let member = self.member(id);
        member.is_some_and(|member| member.kind == MemberKind::Human)
    }
}
