//! What comes back after a while may name what has gone meanwhile.

use super::draft::Draft;
use crate::{
    model::Item,
    state::Organization,
    value::{ItemId, MemberId},
};

/// The item without references that no longer hold: members who have left, a team that is gone, a parent elsewhere.
pub(super) fn repaired(model: &Organization, item: &Item) -> Item {
    let mut item = item.clone();
    item.team = item.team.filter(|team| model.team(*team).is_some());
    item.parent = item.parent.filter(|parent| {
        model.item(*parent).is_some_and(|parent| {
            parent.project == item.project && item.kind.parent() == Some(parent.kind)
        })
    });
    let team = item.team.and_then(|team| model.team(team));
    item.assignees.retain(|member| {
        model.member(*member).is_some() && team.is_none_or(|team| team.members.contains(member))
    });
    item
}

impl Draft<'_> {
    /// Repairs a visible item.
    pub(super) fn repair_item(&mut self, id: ItemId) {
        if let Some(before) = self.model.item(id).cloned() {
            let item = repaired(&self.model, &before);
            self.quietly(|draft| draft.put_item(&before, item));
        }
    }

    /// Takes a member off an item.
    pub(super) fn take_off_item(&mut self, id: ItemId, member: MemberId) {
        if let Some(before) = self.model.item(id).cloned() {
            let mut item = Item::clone(&before);
            item.assignees.retain(|other| *other != member);
            self.put_item(&before, item);
        }
    }
}
