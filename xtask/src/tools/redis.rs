//! Redis, for the tests of several nodes.

use std::path::PathBuf;

use super::apt;
use crate::failure::{Failure, Result};
use crate::place;
use crate::step::step;

/// Where `redis-server` is; Debian's package is installed when it is missing. `redis-cli` lies beside it.
pub fn ensure_redis() -> Result<PathBuf> {
    step("Redis", "1 min", super::ADVICE, || {
        if let Some(server) = place::on_path("redis-server") {
            return Ok(server);
        }
        apt::install("redis-server", &["redis-server"])?;
        place::on_path("redis-server")
            .ok_or_else(|| Failure::new("redis-server is installed and yet not on the path"))
    })
}
