use shared_types::{
    command::{MemberPatch, NewMember},
    model::Member,
    value::{MemberId, Slug},
};

use super::draft::{before, fields, guess_slug, stamp};
use crate::store::{Store, ids::fresh_uuid, outbox::Draft, overlay::Kind};

fn path(id: MemberId) -> String {
    format!("/members/{id}")
}

impl Store {
    /// Creates a member; its id is made here.
    pub fn create_member(&self, mut new: NewMember) -> MemberId {
        let id = *new.id.get_or_insert_with(|| fresh_uuid().into());
        let slug = new
            .slug
            .clone()
            .or_else(|| guess_slug(&new.name, id.uuid()));
        let entity = slug.map(|slug| Member {
            stamp: stamp(id),
            slug,
            name: new.name.clone(),
            title: new
                .title
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            kind: new.kind,
            agent: new.agent.clone(),
            account: None,
        });
        let what = format!("Add {}", new.name);
        let create = Draft::create(
            Kind::Member,
            id.uuid(),
            "/members".into(),
            what.clone(),
            &new,
            &entity,
        );
        let undo = Draft::delete(Kind::Member, id.uuid(), path(id), what.clone(), Vec::new());
        let redo = Draft::restore(
            Kind::Member,
            id.uuid(),
            path(id),
            what,
            None,
            entity.as_ref(),
        );
        self.perform(create, vec![undo], vec![redo]);
        id
    }

    /// Changes a member.
    pub fn update_member(&self, id: MemberId, patch: MemberPatch) {
        let Some(was) = self.read(|state| state.member(id).cloned()) else {
            return;
        };
        let changed = fields(&patch);
        let draft = |fields| {
            Draft::patch(
                Kind::Member,
                id.uuid(),
                path(id),
                format!("Change {}", was.name),
                fields,
            )
        };
        let (redo, mut undo) = (draft(changed.clone()), draft(before(&*was, &changed)));
        // No title is an empty one where it is read, and null where it is set.
        if let Some(title) = undo.body.as_mut().and_then(|body| body.get_mut("title"))
            && title == ""
        {
            *title = serde_json::Value::Null;
        }
        self.perform(redo.clone(), vec![undo], vec![redo]);
    }

    /// Deletes a member: off all items and teams.
    pub fn delete_member(&self, id: MemberId) {
        let was = self.read(|state| state.member(id).cloned());
        let what = format!(
            "Delete {}",
            was.as_ref().map_or("a member", |was| &was.name)
        );
        let draft = Draft::delete(Kind::Member, id.uuid(), path(id), what.clone(), Vec::new());
        let undo = Draft::restore(
            Kind::Member,
            id.uuid(),
            path(id),
            what,
            None,
            was.as_deref(),
        );
        self.perform(draft.clone(), vec![undo], vec![draft]);
    }

    /// Brings back a deleted member, under another slug where its own is taken.
    pub fn restore_member(&self, id: MemberId, slug: Option<Slug>) {
        let what = "Restore a member".to_owned();
        let draft =
            Draft::restore::<Member>(Kind::Member, id.uuid(), path(id), what.clone(), slug, None);
        let undo = Draft::delete(Kind::Member, id.uuid(), path(id), what, Vec::new());
        self.perform(draft.clone(), vec![undo], vec![draft]);
    }
}
