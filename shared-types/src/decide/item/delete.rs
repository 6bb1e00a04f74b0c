use crate::{
    command::Expected,
    decide::{
        Subject,
        draft::{Draft, check_restorable, check_version},
        repair::repaired,
    },
    error::{ErrorCode, Rejection},
    event::EventBody,
    model::{Entity, Item},
    topic::ItemRef,
};

impl Draft<'_> {
    pub(in crate::decide) fn delete_item(
        &mut self,
        name: &ItemRef,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let item = self.item(name)?;
        let subject = Subject::Item(item.id());
        check_version(&*item, expected, subject)?;
        let under = self.model.descendants_of(item.id());
        let gone = under.iter().map(|item| item.id()).chain([item.id()]);
        self.end_runs_of(gone, "The item was deleted.");
        let item = self.item(name)?;
        self.emit(EventBody::ItemDeleted {
            item: Item::clone(&item),
        });
        Ok(subject)
    }

    pub(in crate::decide) fn restore_item(&mut self, name: &ItemRef) -> Result<Subject, Rejection> {
        let found = self.model.any_item_named(name).cloned();
        let in_sight = found.filter(|stored| self.context.sight.has_item(&stored.value));
        let stored = in_sight.filter(|stored| {
            stored
                .value
                .project
                .is_none_or(|p| self.model.project(p).is_some())
        });
        let stored = stored.ok_or_else(|| Rejection::not_found("item", name))?;
        let parent = stored
            .value
            .parent
            .and_then(|parent| self.model.any_item(parent));
        if let Some(parent) = parent.filter(|parent| self.model.item(parent.value.id()).is_none()) {
            let detail = format!(
                "{} above it is deleted: restore that first.",
                parent.value.key
            );
            return Err(Rejection::new(ErrorCode::ContainerDeleted, detail));
        }
        check_restorable("item", name, stored.deleted, self.context.at)?;
        let mut item = repaired(&self.model, &stored.value);
        if item != *stored.value {
            item.stamp.touch(self.context.at);
        }
        let (id, above) = (item.id(), item.parent.filter(|_| !item.status.is_over()));
        self.emit(EventBody::ItemRestored { item });
        for under in self.model.descendants_of(id) {
            self.repair_item(under.id());
        }
        self.reopen(above);
        Ok(Subject::Item(id))
    }
}
