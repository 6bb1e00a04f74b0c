//! What holds for runs.

mod board;
mod interleaving;
mod money;
mod review;
mod stop;
mod wake;
