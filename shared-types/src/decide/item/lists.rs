//! The lists of an item: who, which labels, after what, and what must be true.

use std::collections::BTreeSet;

use crate::{
    command::Expected,
    decide::{Subject, draft::Draft, draft::check_version, limits},
    error::{ErrorCode, Rejection},
    model::{Entity, Item},
    topic::{ItemRef, MemberRef},
    value::{Criterion, ItemId, Label, MemberId, TeamId},
};

impl Draft<'_> {
    /// The members named, each once, in the order given; all of the team, if there is one.
    pub(super) fn assignees(
        &self,
        names: &[MemberRef],
        team: Option<TeamId>,
    ) -> Result<Vec<MemberId>, Rejection> {
        limits::check("assignees", names.len(), limits::ASSIGNEES)?;
        let mut assignees = Vec::with_capacity(names.len());
        for (n, name) in names.iter().enumerate() {
            let member = self.find_member(name).ok_or_else(|| {
                let message = format!("there is no member {name}: name one by id or slug");
                Rejection::field(ErrorCode::Validation, &format!("/assignees/{n}"), message)
            })?;
            self.check_in_team(member.id(), team)?;
            if !assignees.contains(&member.id()) {
                assignees.push(member.id());
            }
        }
        Ok(assignees)
    }

    fn check_in_team(&self, member: MemberId, team: Option<TeamId>) -> Result<(), Rejection> {
        let Some(team) = team.and_then(|team| self.model.team(team)) else {
            return Ok(());
        };
        if team.members.contains(&member) {
            return Ok(());
        }
        let name = self
            .model
            .member(member)
            .map(|member| member.name.to_string())
            .unwrap_or_default();
        let message = format!(
            "{name} is not in the team {}: let them join it first",
            team.name
        );
        Err(Rejection::field(
            ErrorCode::InvalidAssignee,
            "/assignees",
            message,
        ))
    }

    /// The items named, each once; none of them waiting for `item` itself.
    pub(super) fn depends_on(
        &self,
        names: &[ItemRef],
        item: Option<ItemId>,
    ) -> Result<Vec<ItemId>, Rejection> {
        limits::check("depends_on", names.len(), limits::DEPENDENCIES)?;
        let mut depends_on: Vec<ItemId> = Vec::with_capacity(names.len());
        for (n, name) in names.iter().enumerate() {
            let pointer = format!("/depends_on/{n}");
            let kept = |id: &ItemId| {
                item.and_then(|item| self.model.item(item))
                    .is_some_and(|i| i.depends_on.contains(id))
            };
            let found = match (self.find_item(name), name) {
                (Some(found), _) => found.id(),
                // What it waited for was deleted meanwhile: that need not be taken out to change the rest.
                (None, ItemRef::Id(id)) if kept(id) && !self.is_hidden(*id) => *id,
                (None, _) => {
                    let message = format!("there is no item {name}: name one by id or key");
                    return Err(Rejection::field(ErrorCode::Validation, &pointer, message));
                }
            };
            if let Some(item) = item {
                self.check_no_cycle(item, found, &pointer)?;
            }
            if !depends_on.contains(&found) {
                depends_on.push(found);
            }
        }
        Ok(depends_on)
    }

    fn check_no_cycle(
        &self,
        item: ItemId,
        dependency: ItemId,
        pointer: &str,
    ) -> Result<(), Rejection> {
        let mut seen = BTreeSet::new();
        let mut open = vec![dependency];
        while let Some(next) = open.pop() {
            if next == item {
                let key = |id| {
                    self.model
                        .any_item(id)
                        .map(|stored| stored.value.key.to_string())
                        .unwrap_or_default()
                };
                let message = format!(
                    "{} would wait for itself by way of {}",
                    key(item),
                    key(dependency)
                );
                return Err(Rejection::field(
                    ErrorCode::DependencyCycle,
                    pointer,
                    message,
                ));
            }
            if seen.insert(next) {
                // Deleted items count: restoring one must not close a circle.
                open.extend(
                    self.model
                        .any_item(next)
                        .iter()
                        .flat_map(|stored| stored.value.depends_on.iter()),
                );
            }
        }
        Ok(())
    }

    pub(in crate::decide) fn assign(
        &mut self,
        item: &ItemRef,
        member: &MemberRef,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let member = self.member(member)?.id();
        let team = self.item(item)?.team;
        self.check_in_team(member, team)?;
        self.edit_item(item, expected, |item| {
            if !item.assignees.contains(&member) {
                item.assignees.push(member);
            }
            limits::check("assignees", item.assignees.len(), limits::ASSIGNEES)
        })
    }

    pub(in crate::decide) fn unassign(
        &mut self,
        item: &ItemRef,
        member: &MemberRef,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let member = self.member(member)?.id();
        self.edit_item(item, expected, |item| {
            item.assignees.retain(|other| *other != member);
            Ok(())
        })
    }

    pub(in crate::decide) fn add_label(
        &mut self,
        item: &ItemRef,
        label: &Label,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        self.edit_item(item, expected, |item| {
            item.labels.push(label.clone());
            item.labels = labels(&item.labels)?;
            Ok(())
        })
    }

    pub(in crate::decide) fn remove_label(
        &mut self,
        item: &ItemRef,
        label: &Label,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        self.edit_item(item, expected, |item| {
            item.labels.retain(|other| other != label);
            Ok(())
        })
    }

    pub(in crate::decide) fn set_acceptance(
        &mut self,
        item: &ItemRef,
        criterion: usize,
        done: bool,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let id = self.item(item)?.id();
        let mut acceptance = self
            .model
            .detail(id)
            .map(|detail| detail.acceptance.clone())
            .unwrap_or_default();
        let there = acceptance.len();
        let found = acceptance.get_mut(criterion).ok_or_else(|| {
            let detail = format!(
                "There is no acceptance criterion {criterion}: there are {there}, counted from 0."
            );
            Rejection::new(ErrorCode::NotFound, detail)
        })?;
        found.done = done;
        self.edit_item(item, expected, |item| {
            item.acceptance = Some(acceptance);
            Ok(())
        })
    }

    /// Changes one thing about an item.
    fn edit_item(
        &mut self,
        name: &ItemRef,
        expected: Expected,
        edit: impl FnOnce(&mut Item) -> Result<(), Rejection>,
    ) -> Result<Subject, Rejection> {
        let before = self.item(name)?;
        let subject = Subject::Item(before.id());
        check_version(&*before, expected, subject)?;
        let mut item = Item::clone(&before);
        edit(&mut item)?;
        self.put_item(&before, item);
        Ok(subject)
    }
}

/// Labels sorted, each once.
pub(super) fn labels(labels: &[Label]) -> Result<Vec<Label>, Rejection> {
    let labels: BTreeSet<&Label> = labels.iter().collect();
    limits::check("labels", labels.len(), limits::LABELS)?;
    Ok(labels.into_iter().cloned().collect())
}

/// Acceptance criteria, not too many.
pub(super) fn acceptance(acceptance: &[Criterion]) -> Result<Vec<Criterion>, Rejection> {
    limits::check("acceptance", acceptance.len(), limits::ACCEPTANCE)?;
    Ok(acceptance.to_vec())
}
