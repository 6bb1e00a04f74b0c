//! Working with items wherever they are listed: filter, select, drag, choose a field's value.

pub mod drag;
pub mod field;
pub mod field_menu;
pub mod filter;
pub mod people;
pub mod selection;
