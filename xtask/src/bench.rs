//! `cargo xtask bench`.

use crate::failure::Result;
use crate::step::step;
use crate::tools::Servers;
use crate::{server, shell};

/// Measures what the arguments say (`fanout`, `creates`, `--quick`), or everything, beside the servers that can be had.
pub fn bench(args: &[String]) -> Result {
    let servers = Servers::ensure()?;
    let server = server::build_release()?;
    let mut load = shell::cargo(&["run", "--release", "--package", "load", "--"]);
    servers.announce(load.args(args).env("DEVTEAM_BIN", server));
    step(
        "the benchmarks",
        "30 min",
        "look at what the load generator says above",
        || shell::run(&mut load),
    )
}
