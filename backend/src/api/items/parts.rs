//! One entry of an item's lists at a time, so that two people's changes do not undo each other.

use actix_web::{delete, put, web::Path};
use serde::Deserialize;
use shared_types::{
    command::Command,
    value::{Invalid, Label},
};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api::{
    ApiError,
    entity::ItemEntity,
    path::{AssigneePath, CriterionPath, LabelPath},
    write::{Reply, Write},
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(assign)
        .service(unassign)
        .service(add_label)
        .service(remove_label)
        .service(tick);
}

/// Assign a member to an item
#[utoipa::path(tag = "items", params(AssigneePath), responses((status = 200, body = ItemEntity)))]
#[put("/items/{item}/assignees/{member}")]
async fn assign(path: Path<AssigneePath>, write: Write) -> Reply {
    let AssigneePath { item, member } = path.into_inner();
    write
        .change(Command::Assign {
            item,
            member,
            expected: None,
        })
        .await
}

/// Unassign a member from an item
#[utoipa::path(tag = "items", params(AssigneePath), responses((status = 204)))]
#[delete("/items/{item}/assignees/{member}")]
async fn unassign(path: Path<AssigneePath>, write: Write) -> Reply {
    let AssigneePath { item, member } = path.into_inner();
    write
        .delete(Command::Unassign {
            item,
            member,
            expected: None,
        })
        .await
}

/// Label an item
#[utoipa::path(tag = "items", params(LabelPath), responses((status = 200, body = ItemEntity)))]
#[put("/items/{item}/labels/{label}")]
async fn add_label(path: Path<LabelPath>, write: Write) -> Reply {
    let LabelPath { item, label } = path.into_inner();
    write
        .change(Command::AddLabel {
            item,
            label: parse_label(&label)?,
            expected: None,
        })
        .await
}

/// Take a label off an item
#[utoipa::path(tag = "items", params(LabelPath), responses((status = 204)))]
#[delete("/items/{item}/labels/{label}")]
async fn remove_label(path: Path<LabelPath>, write: Write) -> Reply {
    let LabelPath { item, label } = path.into_inner();
    write
        .delete(Command::RemoveLabel {
            item,
            label: parse_label(&label)?,
            expected: None,
        })
        .await
}

/// Whether a criterion is met.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Tick {
    done: bool,
}

/// Tick an acceptance criterion off, or on again
#[utoipa::path(
    tag = "items",
    params(CriterionPath),
    request_body(content = Tick, example = json!({ "done": true })),
    responses((status = 200, body = ItemEntity)),
)]
#[put("/items/{item}/acceptance/{n}")]
async fn tick(path: Path<CriterionPath>, write: Write) -> Reply {
    let Tick { done } = write.body()?;
    let CriterionPath { item, n } = path.into_inner();
    write
        .change(Command::SetAcceptance {
            item,
            criterion: n,
            done,
            expected: None,
        })
        .await
}

fn parse_label(text: &str) -> Result<Label, ApiError> {
    text.parse()
        .map_err(|invalid: Invalid| ApiError::parameter("label", invalid.0))
}
