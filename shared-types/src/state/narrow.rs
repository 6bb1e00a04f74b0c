//! What is left of things that name others, for one who sees only a part: what is out of sight is not named either.

use std::sync::Arc;

use super::{Organization, Sight};
use crate::{event::EventBody, model::Item, topic::Topic, value::ItemId, wire::Snapshot};

impl Organization {
    /// Whether an item may be named to one who sees this much: it is in sight, or was when it was deleted.
    pub fn may_name_item(&self, sight: Sight, id: ItemId) -> bool {
        let in_sight = || {
            let stored = self.any_item(id);
            stored.is_some_and(|stored| sight.has_item(&stored.value))
        };
        sight.is_everything() || in_sight()
    }

    /// Whether a topic may be named to one who sees this much, what it shows deleted or not.
    pub fn may_name_topic(&self, sight: Sight, topic: Topic) -> bool {
        match topic {
            _ if sight.is_everything() => true,
            Topic::Org | Topic::All => false,
            Topic::Project(id) => sight.has_project(id),
            Topic::Team(id) => {
                let stored = self.any_team(id);
                stored.is_some_and(|stored| sight.has_project(stored.value.project))
            }
            Topic::Member(id) => sight.has_member(id),
            Topic::Item(id) => self.may_name_item(sight, id),
            Topic::Run(id) => self.any_run(id).is_some_and(|run| {
                sight.has_member(run.member) || self.may_name_item(sight, run.item)
            }),
        }
    }

    /// Takes out of an item what one who sees this much can't know of: its project, team and people are a part of it,
    /// the items beside it are not.
    pub fn narrow_item(&self, sight: Sight, item: &mut Item) {
        item.depends_on.retain(|id| self.may_name_item(sight, *id));
        item.parent = item.parent.filter(|id| self.may_name_item(sight, *id));
    }

    /// The same of the item that an event carries, if it carries one.
    pub fn narrow_event(&self, sight: Sight, event: &mut EventBody) {
        use EventBody as B;
        match event {
            B::ItemCreated { item }
            | B::ItemUpdated { item, .. }
            | B::ItemDeleted { item }
            | B::ItemRestored { item } => self.narrow_item(sight, item),
            B::OrganizationUpdated { .. }
            | B::ProjectCreated { .. }
            | B::ProjectUpdated { .. }
            | B::ProjectDeleted { .. }
            | B::ProjectRestored { .. }
            | B::TeamCreated { .. }
            | B::TeamUpdated { .. }
            | B::TeamDeleted { .. }
            | B::TeamRestored { .. }
            | B::MemberCreated { .. }
            | B::MemberUpdated { .. }
            | B::MemberDeleted { .. }
            | B::MemberRestored { .. }
            | B::CommentCreated { .. }
            | B::CommentUpdated { .. }
            | B::CommentDeleted { .. }
            | B::CommentRestored { .. }
            | B::RunCreated { .. }
            | B::RunUpdated { .. }
            | B::BudgetUpdated { .. } => {}
        }
    }

    /// The same of the items in a snapshot.
    pub fn narrow_snapshot(&self, sight: Sight, snapshot: &mut Snapshot) {
        if sight.is_everything() {
            return;
        }
        let names_others = |item: &Item| !item.depends_on.is_empty() || item.parent.is_some();
        for item in snapshot.items.iter_mut().flatten() {
            if names_others(item) {
                self.narrow_item(sight, Arc::make_mut(item));
            }
        }
    }
}
