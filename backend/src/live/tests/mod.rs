//! Rings and readers without sockets.

mod behind;
mod cases;
mod journal;
mod line;
mod property;
mod world;
