//! Steps that say what they do, how long that may take, and how long it took.

use std::time::Instant;

use crate::failure::Result;

/// Does one step; `may_take` is for a machine with 2 cores and nothing built yet, `advice` is printed when it fails.
pub fn step<T>(
    what: &str,
    may_take: &str,
    advice: &str,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    eprintln!("==> {what} (up to {may_take} from nothing)");
    let start = Instant::now();
    let result = work();
    let outcome = if result.is_ok() { "done" } else { "FAILED" };
    eprintln!(
        "    {outcome} in {:.1} s: {what}",
        start.elapsed().as_secs_f32()
    );
    result.map_err(|failure| failure.advise(advice))
}
