use shared_types::{
    command::{CommentPatch, NewComment, Patch},
    model::{Comment, Entity},
    value::{Body, CommentId, ItemId},
};

use super::draft::{before, fields, stamp};
use crate::store::{Store, ids::fresh_uuid, outbox::Draft, overlay::Kind};

fn path(item: ItemId, id: CommentId) -> String {
    format!("/items/{item}/comments/{id}")
}

impl Store {
    /// Comments on an item; the comment's id is made here.
    pub fn create_comment(&self, item: ItemId, body: Body) -> CommentId {
        let id: CommentId = fresh_uuid().into();
        let (author, what) =
            self.read(|state| (state.me(), format!("Comment on {}", state.item_name(item))));
        let entity = Comment {
            stamp: stamp(id),
            item,
            author,
            body: body.clone(),
        };
        let new = NewComment { id: Some(id), body };
        let create = Draft::create(
            Kind::Comment,
            id.uuid(),
            format!("/items/{item}/comments"),
            what.clone(),
            &new,
            &entity,
        );
        let undo = Draft::delete(
            Kind::Comment,
            id.uuid(),
            path(item, id),
            what.clone(),
            Vec::new(),
        );
        let redo = Draft::restore(
            Kind::Comment,
            id.uuid(),
            path(item, id),
            what,
            None,
            Some(&entity),
        );
        self.perform(create, vec![undo], vec![redo]);
        id
    }

    /// Changes a comment.
    pub fn update_comment(&self, id: CommentId, body: Body) {
        let Some(was) = self.read(|state| state.comment(id).cloned()) else {
            return;
        };
        let changed = fields(&CommentPatch {
            body: Patch::Set(body),
        });
        let draft = |fields| {
            Draft::patch(
                Kind::Comment,
                id.uuid(),
                path(was.item, id),
                "Change a comment".into(),
                fields,
            )
        };
        let (redo, undo) = (draft(changed.clone()), draft(before(&*was, &changed)));
        self.perform(redo.clone(), vec![undo], vec![redo]);
    }

    /// Deletes a comment.
    pub fn delete_comment(&self, id: CommentId) {
        let Some(was) = self.read(|state| state.comment(id).cloned()) else {
            return;
        };
        let what = "Delete a comment".to_owned();
        let draft = Draft::delete(
            Kind::Comment,
            was.id().uuid(),
            path(was.item, id),
            what.clone(),
            Vec::new(),
        );
        let undo = Draft::restore(
            Kind::Comment,
            id.uuid(),
            path(was.item, id),
            what,
            None,
            Some(&*was),
        );
        self.perform(draft.clone(), vec![undo], vec![draft]);
    }
}
