//! Members.

use sea_orm::entity::prelude::*;
use serde::Serialize;

/// A person or an AI member.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub organization_id: String,
    pub version: i64,
    pub created_at: TimeDateTimeWithTimeZone,
    pub updated_at: TimeDateTimeWithTimeZone,
    pub deleted_at: Option<TimeDateTimeWithTimeZone>,
    pub slug: String,
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    pub kind: String,
    /// What an AI member is told of itself, as the API shows it.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub agent: Option<Json>,
    pub account_id: Option<String>,
}

/// None that SeaORM would have to know of.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
