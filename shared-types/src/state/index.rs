//! The indexes over the items.

use super::Indexes;
use crate::model::{Entity, Item};

impl Indexes {
    pub(super) fn insert_item(&mut self, item: &Item) {
        let id = item.id();
        self.ranks
            .entry(item.project)
            .or_default()
            .insert((item.rank.clone(), id));
        if let Some(parent) = item.parent {
            self.children.insert((parent, id));
        }
        if let Some(team) = item.team {
            self.team_items.insert((team, id));
        }
        for member in &item.assignees {
            self.member_items.insert((*member, id));
        }
    }

    /// One visible item more or less.
    pub(super) fn count_item(&mut self, item: &Item, add: bool) {
        let count = self.item_counts.entry(item.project).or_insert(0);
        *count = if add {
            *count + 1
        } else {
            count.saturating_sub(1)
        };
    }

    pub(super) fn remove_item(&mut self, item: &Item) {
        let id = item.id();
        if let Some(ranks) = self.ranks.get_mut(&item.project) {
            ranks.remove(&(item.rank.clone(), id));
        }
        if let Some(parent) = item.parent {
            self.children.remove(&(parent, id));
        }
        if let Some(team) = item.team {
            self.team_items.remove(&(team, id));
        }
        for member in &item.assignees {
            self.member_items.remove(&(*member, id));
        }
    }
}
