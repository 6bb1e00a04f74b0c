//! Items: what may be made of them and where they may go.

mod change;
mod create;
mod delete;
mod lists;
mod place;

use std::sync::Arc;

use super::draft::{Draft, changed};
use crate::{
    error::{ErrorCode, Rejection},
    event::EventBody,
    model::{Entity, Item, ItemKind, Status},
    topic::ItemRef,
    value::ItemId,
};

impl Draft<'_> {
    /// The item, or that there is none.
    pub(super) fn item(&self, name: &ItemRef) -> Result<Arc<Item>, Rejection> {
        self.find_item(name)
            .cloned()
            .ok_or_else(|| Rejection::not_found("item", name))
    }

    /// Makes an item what it is to be, if that is a change. Its detail is changed where it is there.
    pub(super) fn put_item(&mut self, before: &Item, mut item: Item) {
        let detail = self.model.detail(item.id()).cloned().unwrap_or_default();
        // Detail travels only when it changed.
        item.description = item
            .description
            .filter(|description| *description != detail.description);
        item.acceptance = item
            .acceptance
            .filter(|acceptance| *acceptance != detail.acceptance);
        // A run or a comment may have come between.
        if let Some(now) = self.model.item(item.id()) {
            (item.run, item.comments) = (now.run, now.comments);
        }
        let changed = changed!(
            before,
            item,
            key,
            project,
            team,
            parent,
            title,
            status,
            priority,
            rank,
            assignees,
            labels,
            estimate,
            due,
            depends_on,
            description,
            acceptance,
        );
        if changed.is_empty() {
            return;
        }
        item.stamp.touch(self.context.at);
        let parent = item.parent.filter(|_| !item.status.is_over());
        let id = item.id();
        self.emit(EventBody::ItemUpdated { item, changed });
        self.reopen(parent);
        self.follow(Some(before), id);
    }

    /// Opens what is closed above open work.
    fn reopen(&mut self, parent: Option<ItemId>) {
        let Some(parent) = parent.and_then(|id| self.model.item(id).cloned()) else {
            return;
        };
        if parent.status == Status::Closed {
            let mut open = Item::clone(&parent);
            open.status = Status::Open;
            self.put_item(&parent, open);
        }
    }
}

/// Refuses a status that this kind of item can't have.
fn check_status(kind: ItemKind, status: Status) -> Result<(), Rejection> {
    if status.fits(kind) {
        return Ok(());
    }
    let possible = match kind {
        ItemKind::Task => "backlog, todo, in_progress, in_review, done or cancelled",
        ItemKind::Epic | ItemKind::Feature => "open or closed",
    };
    let message = format!("{} is not for {kind}s: give {possible}", status.as_str());
    Err(Rejection::field(ErrorCode::Validation, "/status", message))
}
