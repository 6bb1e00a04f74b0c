//! The API over the real engine and a journal in a directory of its own.

mod conditional;
mod documents;
mod entities;
mod history;
mod idempotency;
mod items;
mod lists;
mod problems;
mod server;

use server::{Answered, Server};
