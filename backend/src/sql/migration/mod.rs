//! The migrations, oldest first. One that has been released is never changed: what changes is a new one.

mod m0001_tables;
mod m0002_visible;

use sea_orm_migration::prelude::*;

/// All of them.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_tables::Migration),
            Box::new(m0002_visible::Migration),
        ]
    }
}
