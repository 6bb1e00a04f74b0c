//! Rings and readers without sockets.

mod cases;
mod journal;
mod line;
mod property;
mod world;
