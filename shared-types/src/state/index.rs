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
