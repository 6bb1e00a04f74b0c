use std::sync::Arc;

use super::{
    Subject,
    draft::{Draft, changed, check_restorable, check_version},
};
use crate::{
    command::{CommentPatch, Expected, NewComment},
    error::{ErrorCode, Rejection},
    event::EventBody,
    model::{Comment, Entity},
    topic::ItemRef,
    value::{Body, CommentId},
};

impl Draft<'_> {
    fn comment(&self, item: &ItemRef, id: CommentId) -> Result<Arc<Comment>, Rejection> {
        let item = self.item(item)?.id();
        let comment = self
            .model
            .comment(id)
            .filter(|comment| comment.item == item);
        comment
            .cloned()
            .ok_or_else(|| Rejection::not_found("comment", id))
    }

    pub(super) fn create_comment(
        &mut self,
        item: &ItemRef,
        new: &NewComment,
    ) -> Result<Subject, Rejection> {
        let item = self.item(item)?;
        check_body(&new.body)?;
        let comment = Comment {
            stamp: self.stamp(new.id, |model, id| model.any_comment(*id).is_some())?,
            item: item.id(),
            author: self.context.member,
            body: new.body.clone(),
        };
        let subject = Subject::Comment(comment.id());
        self.emit(EventBody::CommentCreated {
            comment,
            comments: item.comments + 1,
        });
        Ok(subject)
    }

    pub(super) fn update_comment(
        &mut self,
        item: &ItemRef,
        id: CommentId,
        patch: &CommentPatch,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let before = self.comment(item, id)?;
        check_version(&*before, expected, Subject::Comment(id))?;
        let mut comment = Comment::clone(&before);
        if let Some(body) = patch.body.as_ref() {
            check_body(body)?;
            comment.body = body.clone();
        }
        let changed = changed!(before, comment, body);
        if !changed.is_empty() {
            comment.stamp.touch(self.context.at);
            self.emit(EventBody::CommentUpdated { comment, changed });
        }
        Ok(Subject::Comment(id))
    }

    pub(super) fn delete_comment(
        &mut self,
        item: &ItemRef,
        id: CommentId,
        expected: Expected,
    ) -> Result<Subject, Rejection> {
        let comment = self.comment(item, id)?;
        check_version(&*comment, expected, Subject::Comment(id))?;
        let comments = self.item(item)?.comments.saturating_sub(1);
        self.emit(EventBody::CommentDeleted {
            comment: Comment::clone(&comment),
            comments,
        });
        Ok(Subject::Comment(id))
    }

    pub(super) fn restore_comment(
        &mut self,
        item: &ItemRef,
        id: CommentId,
    ) -> Result<Subject, Rejection> {
        let item = self.item(item)?;
        let found = self
            .model
            .any_comment(id)
            .filter(|stored| stored.value.item == item.id())
            .cloned();
        let stored = found.ok_or_else(|| Rejection::not_found("comment", id))?;
        check_restorable("comment", id, stored.deleted, self.context.at)?;
        let comment = Comment::clone(&stored.value);
        self.emit(EventBody::CommentRestored {
            comment,
            comments: item.comments + 1,
        });
        Ok(Subject::Comment(id))
    }
}

fn check_body(body: &Body) -> Result<(), Rejection> {
    if body.trim().is_empty() {
        return Err(Rejection::field(
            ErrorCode::Validation,
            "/body",
            "must not be empty: write something",
        ));
    }
    Ok(())
}
