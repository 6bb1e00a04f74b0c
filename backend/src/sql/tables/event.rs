//! Everything that has happened.

use sea_orm::entity::prelude::*;
use serde::Serialize;

/// One event of an organization's line.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub id: String,
    pub at: TimeDateTimeWithTimeZone,
    #[sea_orm(column_name = "type")]
    pub kind: String,
    pub actor_kind: String,
    pub actor_id: String,
    pub run_id: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub cause: String,
    /// What it is of: the id of the entity.
    pub entity_id: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub data: Json,
}

/// None that SeaORM would have to know of.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
