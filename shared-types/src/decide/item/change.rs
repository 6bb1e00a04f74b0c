//! Patching and moving, which are one: both say what the item is to be.

use std::sync::Arc;

use super::{check_status, lists};
use crate::{
    command::{Expected, ItemPatch, MoveItem, Patch},
    decide::{
        Subject,
        draft::{Draft, check_version},
    },
    error::Rejection,
    model::{Entity, Item, ItemKind, Status},
    state::Scope,
    topic::ItemRef,
    value::ItemId,
};

impl Draft<'_> {
    pub(in crate::decide) fn update_item(
        &mut self,
        name: &ItemRef,
        patch: &ItemPatch,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        self.change_item(name, patch, (None, None), expected)
    }

    pub(in crate::decide) fn move_item(
        &mut self,
        name: &ItemRef,
        to: &MoveItem,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let patch = ItemPatch {
            status: to.status,
            project: to.project.clone(),
            team: to.team.clone(),
            parent: to.parent.clone(),
            ..ItemPatch::default()
        };
        self.change_item(
            name,
            &patch,
            (to.after.as_ref(), to.before.as_ref()),
            expected,
        )
    }

    fn change_item(
        &mut self,
        name: &ItemRef,
        patch: &ItemPatch,
        (after, before): (Option<&ItemRef>, Option<&ItemRef>),
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let old = self.item(name)?;
        let subject = Subject::Item(old.id());
        check_version(&*old, expected, subject)?;
        let mut item = Item::clone(&old);
        let under = self.model.descendants_of(old.id());
        if let Patch::Set(project) = &patch.project {
            let scope = project
                .as_ref()
                .map(|name| self.project_in_field(name))
                .transpose()?;
            let scope = scope.map(|project| project.id());
            if scope != old.project {
                self.check_room(scope)?;
                self.put_in_scope(&mut item, scope)?;
                // Its parent stays where it was.
                item.parent = None;
                item.rank = self.last_rank(scope);
            }
        }
        self.patch_place(&mut item, patch)?;
        self.patch_fields(&mut item, &old, patch)?;
        if let Some(rank) = self.rank_beside(&item, after, before)? {
            item.rank = rank;
        }
        let (moved, scope) = (item.project != old.project, item.project);
        self.put_item(&old, item);
        if moved {
            for old in under {
                let mut item = Item::clone(&old);
                self.put_in_scope(&mut item, scope)?;
                self.put_item(&old, item);
            }
        }
        Ok(subject)
    }

    /// Puts an item in another project: with a new key, and of no team.
    fn put_in_scope(&self, item: &mut Item, scope: Scope) -> Result<(), Rejection> {
        item.project = scope;
        item.key = self.next_key(scope)?;
        item.team = None;
        Ok(())
    }

    fn patch_place(&self, item: &mut Item, patch: &ItemPatch) -> Result<(), Rejection> {
        if let Patch::Set(team) = &patch.team {
            let team = team
                .as_ref()
                .map(|name| self.team_in_field(name, item.project))
                .transpose()?;
            item.team = team.as_ref().map(|team| team.id());
            if let Some(team) = team {
                // Who is not in the team can't stay on it.
                item.assignees
                    .retain(|member| team.members.contains(member));
            }
        }
        if let Patch::Set(parent) = &patch.parent {
            let parent = parent
                .as_ref()
                .map(|name| self.parent_in_field(name, item.kind, item.project))
                .transpose()?;
            // What is out of sight can't be meant by what is said.
            item.parent = parent.or(item.parent.filter(|parent| self.is_hidden(*parent)));
        }
        Ok(())
    }

    fn patch_fields(
        &self,
        item: &mut Item,
        old: &Arc<Item>,
        patch: &ItemPatch,
    ) -> Result<(), Rejection> {
        if let Patch::Set(title) = &patch.title {
            item.title = title.clone();
        }
        if let Patch::Set(status) = patch.status {
            check_status(item.kind, status)?;
            if status == Status::Closed && old.status != Status::Closed {
                self.check_no_open_work(old)?;
            }
            self.check_not_own_review(item, status)?;
            item.status = status;
        }
        if let Patch::Set(priority) = patch.priority {
            item.priority = priority;
        }
        if let Patch::Set(assignees) = &patch.assignees {
            item.assignees = self.assignees(assignees, item.team)?;
        }
        if let Patch::Set(labels) = &patch.labels {
            item.labels = lists::labels(labels)?;
        }
        if let Patch::Set(estimate) = patch.estimate {
            item.estimate = estimate;
        }
        if let Patch::Set(due) = patch.due {
            item.due = due;
        }
        if let Patch::Set(depends_on) = &patch.depends_on {
            let hidden = old.depends_on.iter().filter(|id| self.is_hidden(**id));
            item.depends_on = self.depends_on(depends_on, Some(item.id()))?;
            item.depends_on.extend(hidden);
        }
        item.description = patch.description.as_ref().cloned();
        item.acceptance = patch
            .acceptance
            .as_ref()
            .map(|acceptance| lists::acceptance(acceptance))
            .transpose()?;
        Ok(())
    }

    /// Whether the one who acts may not know of an item.
    pub(super) fn is_hidden(&self, id: ItemId) -> bool {
        !self.model.may_name_item(self.context.sight, id)
    }

    /// Refuses closing over open work, and names it.
    fn check_no_open_work(&self, item: &Item) -> Result<(), Rejection> {
        let under = self.model.descendants_of(item.id());
        let name = |item: &Item| match self.is_hidden(item.id()) {
            true => "Something".to_owned(),
            false => item.key.to_string(),
        };
        // A task says more than the feature that it keeps open.
        let open = |kind: ItemKind| {
            under
                .iter()
                .find(|item| item.kind == kind && !item.status.is_over())
        };
        match open(ItemKind::Task).or_else(|| open(ItemKind::Feature)) {
            Some(open) => Err(Rejection::open_work(name(open))),
            None => Ok(()),
        }
    }
}
