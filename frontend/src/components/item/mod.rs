//! One item: as a card, and opened.

mod acceptance;
pub mod card;
mod children;
mod comments;
pub mod create;
mod fields;
mod texts;
mod typed_fields;
pub mod view;
