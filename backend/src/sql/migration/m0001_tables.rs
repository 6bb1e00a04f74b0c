//! The tables. There are no foreign keys: rows are written in bulk and in the order of the events, and nothing that the
//! events name ever goes away.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, boolean, date_null, json_binary, json_binary_null, string,
        string_null, text, timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

const TABLES: [&str; 13] = [
    "organizations",
    "projects",
    "teams",
    "team_members",
    "members",
    "items",
    "assignments",
    "labels",
    "dependencies",
    "comments",
    "runs",
    "events",
    "positions",
];

/// Besides the primary keys.
const INDEXES: [(&str, &[&str]); 17] = [
    ("projects", &["organization_id", "slug"]),
    ("teams", &["organization_id"]),
    ("teams", &["project_id"]),
    ("team_members", &["member_id"]),
    ("members", &["organization_id", "slug"]),
    ("items", &["organization_id", "key"]),
    ("items", &["project_id", "status"]),
    ("items", &["team_id"]),
    ("items", &["parent_id"]),
    ("assignments", &["member_id"]),
    ("labels", &["label"]),
    ("dependencies", &["depends_on_id"]),
    ("comments", &["organization_id"]),
    ("comments", &["item_id"]),
    ("runs", &["item_id"]),
    ("events", &["organization_id", "at"]),
    ("events", &["entity_id"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in TABLES {
            manager.create_table(table(name)).await?;
        }
        for (table, columns) in INDEXES {
            let mut index = Index::create();
            index
                .name(format!("{table}_{}", columns.join("_")))
                .table(table);
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in TABLES {
            manager
                .drop_table(Table::drop().table(name).to_owned())
                .await?;
        }
        Ok(())
    }
}

fn table(name: &'static str) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    let mut add = |columns: Vec<ColumnDef>| {
        for mut column in columns {
            table.col(&mut column);
        }
    };
    let mut key: &[&str] = &["id"];
    match name {
        "organizations" => {
            add(stamp());
            add(vec![string("slug"), string("name")]);
        }
        "projects" => {
            add(entity());
            add(vec![
                string("slug"),
                string("key"),
                string("name"),
                text("description"),
                boolean("archived"),
            ]);
        }
        "teams" => {
            add(entity());
            add(vec![
                string("project_id"),
                string("slug"),
                string("name"),
                text("mission"),
            ]);
        }
        "team_members" => {
            add(vec![string("team_id"), string("member_id")]);
            key = &["team_id", "member_id"];
        }
        "members" => {
            add(entity());
            add(vec![
                string("slug"),
                string("name"),
                text("title"),
                string("kind"),
                json_binary_null("agent"),
                string_null("account_id"),
            ]);
        }
        "items" => {
            add(entity());
            add(vec![
                string("key"),
                string("kind"),
                string_null("project_id"),
                string_null("team_id"),
                string_null("parent_id"),
                string("title"),
                string("status"),
                string("priority"),
                text("rank"),
                big_integer_null("estimate_hundredths"),
                date_null("due"),
                big_integer("comments"),
                // An event that does not carry them leaves them as they are.
                text("description").default("").take(),
                json_binary("acceptance").default("[]").take(),
            ]);
        }
        "assignments" => {
            add(vec![
                string("item_id"),
                string("member_id"),
                big_integer("position"),
            ]);
            key = &["item_id", "member_id"];
        }
        "labels" => {
            add(vec![string("item_id"), string("label")]);
            key = &["item_id", "label"];
        }
        "dependencies" => {
            add(vec![
                string("item_id"),
                string("depends_on_id"),
                big_integer("position"),
            ]);
            key = &["item_id", "depends_on_id"];
        }
        "comments" => {
            add(entity());
            add(vec![
                string("item_id"),
                string_null("author_id"),
                text("body"),
            ]);
        }
        "runs" => {
            add(stamp());
            add(vec![
                string("organization_id"),
                string("item_id"),
                string("member_id"),
                big_integer("attempt"),
                string("state"),
                json_binary("data"),
            ]);
        }
        "events" => {
            add(vec![
                string("organization_id"),
                big_integer("seq"),
                string("id"),
                timestamp_with_time_zone("at"),
                string("type"),
                string("actor_kind"),
                string("actor_id"),
                string_null("run_id"),
                text("cause"),
                string_null("entity_id"),
                json_binary("data"),
            ]);
            key = &["organization_id", "seq"];
        }
        _ => {
            add(vec![
                string("organization_id"),
                string("epoch"),
                big_integer("seq"),
                string_null("event_id"),
                timestamp_with_time_zone("updated_at"),
            ]);
            key = &["organization_id"];
        }
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    table.primary_key(&mut primary);
    table
}

/// What every entity has.
fn stamp() -> Vec<ColumnDef> {
    vec![
        string("id"),
        big_integer("version"),
        timestamp_with_time_zone("created_at"),
        timestamp_with_time_zone("updated_at"),
    ]
}

/// What every entity in an organization that can be deleted has.
fn entity() -> Vec<ColumnDef> {
    let mut columns = stamp();
    columns.push(string("organization_id"));
    columns.push(timestamp_with_time_zone_null("deleted_at"));
    columns
}
