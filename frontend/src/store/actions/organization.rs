use shared_types::{command::OrganizationPatch, model::Entity};

use super::draft::{before, fields};
use crate::store::{Store, outbox::Draft, overlay::Kind};

impl Store {
    /// Changes the organization itself.
    pub fn update_organization(&self, patch: OrganizationPatch) {
        let Some(was) = self.read(|state| state.organization().cloned()) else {
            return;
        };
        let changed = fields(&patch);
        let draft = |fields| {
            let what = format!("Change {}", was.name);
            let path = "/organization".to_owned();
            Draft::patch(Kind::Organization, was.id().uuid(), path, what, fields)
        };
        let (redo, undo) = (draft(changed.clone()), draft(before(&*was, &changed)));
        self.perform(redo.clone(), vec![undo], vec![redo]);
    }
}
