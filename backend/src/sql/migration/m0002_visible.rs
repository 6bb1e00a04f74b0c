//! Views of what is there. A deletion marks one row (`deleted_at`) and hides what lies under it: what is visible is worked
//! out on the way up, as the product does it.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

const VIEWS: [(&str, &str); 5] = [
    (
        "visible_projects",
        "SELECT * FROM projects WHERE deleted_at IS NULL",
    ),
    (
        "visible_members",
        "SELECT * FROM members WHERE deleted_at IS NULL",
    ),
    (
        "visible_teams",
        "SELECT t.* FROM teams t JOIN projects p ON p.id = t.project_id
         WHERE t.deleted_at IS NULL AND p.deleted_at IS NULL",
    ),
    (
        // A task is under a feature, a feature under an epic: two steps reach the top.
        "visible_items",
        "SELECT i.* FROM items i
         LEFT JOIN projects p ON p.id = i.project_id
         LEFT JOIN items above ON above.id = i.parent_id
         LEFT JOIN items top ON top.id = above.parent_id
         WHERE i.deleted_at IS NULL AND p.deleted_at IS NULL
           AND above.deleted_at IS NULL AND top.deleted_at IS NULL",
    ),
    (
        "visible_comments",
        "SELECT c.* FROM comments c JOIN visible_items i ON i.id = c.item_id WHERE c.deleted_at IS NULL",
    ),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, query) in VIEWS {
            manager
                .get_connection()
                .execute_unprepared(&format!("CREATE VIEW {name} AS {query}"))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, _) in VIEWS.iter().rev() {
            manager
                .get_connection()
                .execute_unprepared(&format!("DROP VIEW {name}"))
                .await?;
        }
        Ok(())
    }
}
