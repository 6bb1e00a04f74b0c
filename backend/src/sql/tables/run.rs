//! Runs.

use sea_orm::entity::prelude::*;
use serde::Serialize;

/// One attempt of an AI member at an item.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub organization_id: String,
    pub version: i64,
    pub created_at: TimeDateTimeWithTimeZone,
    pub updated_at: TimeDateTimeWithTimeZone,
    pub item_id: String,
    pub member_id: String,
    pub attempt: i64,
    pub state: String,
    /// The whole run as the event had it.
    #[sea_orm(column_type = "JsonBinary")]
    pub data: Json,
}

/// None that SeaORM would have to know of.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
