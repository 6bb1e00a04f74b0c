//! Items.

use sea_orm::entity::prelude::*;
use serde::Serialize;

/// An epic, a feature or a task.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub organization_id: String,
    pub version: i64,
    pub created_at: TimeDateTimeWithTimeZone,
    pub updated_at: TimeDateTimeWithTimeZone,
    pub deleted_at: Option<TimeDateTimeWithTimeZone>,
    pub key: String,
    pub kind: String,
    pub project_id: Option<String>,
    pub team_id: Option<String>,
    pub parent_id: Option<String>,
    pub title: String,
    pub status: String,
    pub priority: String,
    pub rank: String,
    pub estimate_hundredths: Option<i64>,
    pub due: Option<TimeDate>,
    pub comments: i64,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    /// A list of `{ "text": …, "done": … }`.
    #[sea_orm(column_type = "JsonBinary")]
    pub acceptance: Json,
}

/// None that SeaORM would have to know of.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
