//! What holds for runs.

mod board;
mod hand;
mod interleaving;
mod limits;
mod money;
mod review;
mod stop;
mod wake;
