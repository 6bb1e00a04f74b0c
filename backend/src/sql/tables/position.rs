//! How far each copy has come.

use sea_orm::entity::prelude::*;
use serde::Serialize;

/// How far the copy of an organization has come.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "positions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: String,
    pub epoch: String,
    pub seq: i64,
    /// The event at `seq`; none before the first.
    pub event_id: Option<String>,
    pub updated_at: TimeDateTimeWithTimeZone,
}

/// None that SeaORM would have to know of.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
