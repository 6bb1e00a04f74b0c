//! devteam
fn main() {}
