//! One item as a whole.

use actix_web::{delete, get, patch, post, web::Path};
use shared_types::{
    command::{Command, ItemPatch, MoveItem, NewItem},
    decide::Subject,
    model::Entity,
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api::{
    entity::ItemEntity,
    path::ItemPath,
    read::Read,
    write::{Reply, Write},
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(create)
        .service(show)
        .service(update)
        .service(remove)
        .service(restore)
        .service(move_to);
}

/// Create an epic, a feature or a task
#[utoipa::path(
    tag = "items",
    request_body(
        content = NewItem,
        example = json!({
            "kind": "task", "project": "website", "title": "Set the type", "priority": "high", "assignees": ["ada"],
            "estimate": 2.5, "acceptance": [{ "text": "Readable at 360 px" }]
        }),
    ),
    responses((status = 201, body = ItemEntity)),
)]
#[post("/items")]
async fn create(write: Write) -> Reply {
    let new = write.body()?;
    write.create(Command::CreateItem { new }).await
}

/// One item with its description and acceptance criteria
#[utoipa::path(tag = "items", params(ItemPath), responses((status = 200, body = ItemEntity)))]
#[get("/items/{item}")]
async fn show(path: Path<ItemPath>, read: Read) -> Reply {
    let item = read.find(&*path)?;
    read.entity(Subject::Item(item.id()), item.version())
}

/// Change an item
///
/// A body with assignees, labels, depends_on or acceptance needs `If-Match`.
#[utoipa::path(
    tag = "items",
    params(ItemPath),
    request_body(content = ItemPatch, example = json!({ "status": "in_progress", "due": null })),
    responses((status = 200, body = ItemEntity)),
)]
#[patch("/items/{item}")]
async fn update(path: Path<ItemPath>, write: Write) -> Reply {
    let patch = write.body()?;
    write
        .change(Command::UpdateItem {
            item: path.into_inner().item,
            patch,
            expected: None,
        })
        .await
}

/// Delete an item and what is under it
///
/// It can be restored for 30 days.
#[utoipa::path(tag = "items", params(ItemPath), responses((status = 204)))]
#[delete("/items/{item}")]
async fn remove(path: Path<ItemPath>, write: Write) -> Reply {
    write
        .delete(Command::DeleteItem {
            item: path.into_inner().item,
            expected: None,
        })
        .await
}

/// Restore a deleted item with all that its deletion hid
#[utoipa::path(tag = "items", params(ItemPath), responses((status = 200, body = ItemEntity)))]
#[post("/items/{item}/restore")]
async fn restore(path: Path<ItemPath>, write: Write) -> Reply {
    write.no_body()?;
    write
        .change(Command::RestoreItem {
            item: path.into_inner().item,
        })
        .await
}

/// Move an item: on the board, in the tree, to another team or project
#[utoipa::path(
    tag = "items",
    params(ItemPath),
    request_body(content = MoveItem, example = json!({ "status": "in_review", "before": "WEB-7" })),
    responses((status = 200, body = ItemEntity)),
)]
#[post("/items/{item}/move")]
async fn move_to(path: Path<ItemPath>, write: Write) -> Reply {
    let to = write.body()?;
    write
        .change(Command::MoveItem {
            item: path.into_inner().item,
            to,
            expected: None,
        })
        .await
}
