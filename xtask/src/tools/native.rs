//! The C compiler and Node.

use super::apt;
use crate::failure::Result;
use crate::place;

/// The bundled SQLite is C.
pub fn ensure_c_compiler() -> Result {
    if std::env::var_os("CC").is_some() || place::on_path("cc").is_some() {
        return Ok(());
    }
    apt::install("a C compiler (cc)", &["gcc", "libc6-dev"])
}

/// Runs wasm-opt and precompresses; npm installs wasm-opt.
pub fn ensure_node() -> Result {
    if place::on_path("node").is_some() && place::on_path("npm").is_some() {
        return Ok(());
    }
    apt::install("Node (node and npm)", &["nodejs", "npm"])
}
