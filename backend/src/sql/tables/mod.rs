//! The tables, as SeaORM knows them. `docs/database.md` says what is in them; the migrations make them.
//!
//! Ids are text, so that they read and join alike in SQLite and PostgreSQL.

pub mod assignment;
pub mod comment;
pub mod dependency;
pub mod event;
pub mod item;
pub mod label;
pub mod member;
pub mod organization;
pub mod position;
pub mod project;
pub mod run;
pub mod team;
pub mod team_member;
