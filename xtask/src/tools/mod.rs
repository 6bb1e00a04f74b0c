//! The tools that are neither in the checkout nor in Rust's toolchain. Each is installed only when it is missing or has
//! the wrong version, into the project's own cache where that is possible.

mod apt;
mod browser;
mod cache;
mod cargo_tool;
mod components;
mod faketime;
mod native;
mod npm;
mod python;
mod servers;
mod wasm_target;

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::profile::Profile;
use crate::step::step;
use cache::Cache;
use wasm_target::Std;

pub use browser::Browser;
pub use faketime::ensure_faketime;
pub use native::ensure_c_compiler;
pub use python::ensure_mcp;
pub use servers::Servers;
pub use wasm_target::TARGET as WASM_TARGET;

const ADVICE: &str = "install the tool by hand, then try again";

/// The tools for one command, all there and in the right version.
pub struct Toolbox {
    /// Go in front of `PATH`.
    bins: Vec<PathBuf>,
    std: Std,
    node_modules: PathBuf,
}

impl Toolbox {
    /// What building the app needs.
    pub fn for_app(profile: Profile) -> Result<Self> {
        step("tools to build with", "15 min", ADVICE, || {
            let cache = Cache::open()?;
            native::ensure_c_compiler()?;
            // Only what is to be small is optimised after the compiler, with tools in JavaScript.
            let (std, node_modules) = match profile {
                Profile::Release => {
                    native::ensure_node()?;
                    (wasm_target::prefer_source()?, npm::ensure(&cache)?)
                }
                Profile::Quick => (wasm_target::ensure()?, PathBuf::new()),
            };
            let trunk = cargo_tool::trunk().ensure(&cache)?;
            let wasm_bindgen = cargo_tool::wasm_bindgen()?.ensure(&cache)?;
            let wasm_split = cargo_tool::wasm_split().ensure(&cache)?;
            Ok(Self {
                bins: vec![node_modules.join(".bin"), trunk, wasm_bindgen, wasm_split],
                std,
                node_modules,
            })
        })
    }

    /// What the checks that run nothing of ours need.
    pub fn for_lints() -> Result<Self> {
        step("tools to check with", "6 min", ADVICE, || {
            let cache = Cache::open()?;
            components::ensure()?;
            let std = wasm_target::ensure()?;
            native::ensure_c_compiler()?;
            let bins = vec![
                cargo_tool::machete().ensure(&cache)?,
                cargo_tool::deny().ensure(&cache)?,
            ];
            Ok(Self {
                bins,
                std,
                node_modules: PathBuf::new(),
            })
        })
    }

    /// Makes a command find these tools first.
    pub fn equip<'a>(&self, command: &'a mut Command) -> Result<&'a mut Command> {
        let path = env::var_os("PATH").unwrap_or_default();
        let dirs = self.bins.iter().cloned().chain(env::split_paths(&path));
        let path = env::join_paths(dirs)
            .map_err(|e| Failure::new(format!("PATH can't be extended: {e}")))?;
        command.env("PATH", path);
        if matches!(self.std, Std::FromSource) {
            // A stable compiler builds its own standard library only with this permission.
            command
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
        }
        Ok(command)
    }

    /// Whether the standard library for wasm32 is built along.
    pub fn builds_std(&self) -> bool {
        matches!(self.std, Std::FromSource)
    }

    /// The accessibility checker that browser tests inject into pages.
    pub fn axe_js(&self) -> PathBuf {
        self.node_modules.join("axe-core").join("axe.min.js")
    }
}
