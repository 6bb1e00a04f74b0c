//! tests/load
fn main() {}
