//! Reading everything, deleted and hidden things too: for copies of the whole model.

use std::sync::Arc;

use super::{Organization, Stored};
use crate::{
    model::{Comment, Entity, Item, Member, Project, Run, Team},
    value::{ItemId, Timestamp},
};

impl Organization {
    /// All projects by id, deleted ones too.
    pub fn every_project(&self) -> impl Iterator<Item = &Stored<Project>> {
        self.projects.values()
    }

    /// All teams by id, deleted ones too.
    pub fn every_team(&self) -> impl Iterator<Item = &Stored<Team>> {
        self.teams.values()
    }

    /// All members by id, deleted ones too.
    pub fn every_member(&self) -> impl Iterator<Item = &Stored<Member>> {
        self.members.values()
    }

    /// All items by id with their detail, deleted ones too, and when each was deleted itself.
    pub fn every_item(&self) -> impl Iterator<Item = (Item, Option<Timestamp>)> {
        self.items
            .values()
            .map(|stored| (self.with_detail(&stored.value), stored.deleted))
    }

    /// All comments by id, deleted ones too.
    pub fn every_comment(&self) -> impl Iterator<Item = &Stored<Comment>> {
        self.comments.values()
    }

    /// All runs by id, those of deleted items too.
    pub fn every_run(&self) -> impl Iterator<Item = &Arc<Run>> {
        self.runs.values()
    }

    pub(super) fn with_detail(&self, item: &Item) -> Item {
        let mut item = item.clone();
        let id: ItemId = item.id();
        if let Some(detail) = self.details.get(&id) {
            item.description = Some(detail.description.clone());
            item.acceptance = Some(detail.acceptance.clone());
        }
        item
    }
}
