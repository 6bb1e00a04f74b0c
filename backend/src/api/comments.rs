//! `/items/{item}/comments`

use actix_web::{delete, get, patch, post, web::Path};
use shared_types::{
    Topic,
    command::{Command, CommentPatch, NewComment},
    decide::Subject,
    model::{Comment, Entity},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    page::{Page, Paging},
    path::{CommentPath, ItemPath},
    read::Read,
    write::{Reply, Write},
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(list)
        .service(create)
        .service(show)
        .service(update)
        .service(remove)
        .service(restore);
}

/// The comments of an item, oldest first
#[utoipa::path(tag = "comments", params(ItemPath, Paging), responses((status = 200, body = Page<Comment>)))]
#[get("/items/{item}/comments")]
async fn list(path: Path<ItemPath>, read: Read) -> Reply {
    let paging: Paging = read.query()?;
    let model = read.organization();
    let item = read.find(&*path)?.id();
    read.list_by_id(
        Topic::Item(item),
        &paging,
        model.comments_of(item),
        Comment::clone,
    )
}

/// Comment on an item
#[utoipa::path(
    tag = "comments",
    params(ItemPath),
    request_body(content = NewComment, example = json!({ "body": "Looks **good** to me." })),
    responses((status = 201, body = Comment)),
)]
#[post("/items/{item}/comments")]
async fn create(path: Path<ItemPath>, write: Write) -> Reply {
    let new = write.body()?;
    write
        .create(Command::CreateComment {
            item: path.into_inner().item,
            new,
        })
        .await
}

/// One comment
#[utoipa::path(tag = "comments", params(CommentPath), responses((status = 200, body = Comment)))]
#[get("/items/{item}/comments/{comment}")]
async fn show(path: Path<CommentPath>, read: Read) -> Reply {
    let comment = read.find(&*path)?;
    read.entity(Subject::Comment(comment.id()), comment.version())
}

/// Change a comment
#[utoipa::path(
    tag = "comments",
    params(CommentPath),
    request_body(content = CommentPatch, example = json!({ "body": "Looks good to me." })),
    responses((status = 200, body = Comment)),
)]
#[patch("/items/{item}/comments/{comment}")]
async fn update(path: Path<CommentPath>, write: Write) -> Reply {
    let patch = write.body()?;
    let CommentPath { item, comment } = path.into_inner();
    write
        .change(Command::UpdateComment {
            item,
            comment,
            patch,
            expected: None,
        })
        .await
}

/// Delete a comment
///
/// It can be restored for 30 days.
#[utoipa::path(tag = "comments", params(CommentPath), responses((status = 204)))]
#[delete("/items/{item}/comments/{comment}")]
async fn remove(path: Path<CommentPath>, write: Write) -> Reply {
    let CommentPath { item, comment } = path.into_inner();
    write
        .delete(Command::DeleteComment {
            item,
            comment,
            expected: None,
        })
        .await
}

/// Restore a deleted comment
#[utoipa::path(tag = "comments", params(CommentPath), responses((status = 200, body = Comment)))]
#[post("/items/{item}/comments/{comment}/restore")]
async fn restore(path: Path<CommentPath>, write: Write) -> Reply {
    write.no_body()?;
    let CommentPath { item, comment } = path.into_inner();
    write
        .change(Command::RestoreComment { item, comment })
        .await
}
