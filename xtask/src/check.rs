//! `cargo xtask check`: the full gate. What is quick and fails often comes first.

use std::time::Instant;

use crate::failure::{Failure, Result};
use crate::step::step;
use crate::tools::{Toolbox, WASM_TARGET};
use crate::{shell, test};

/// A check: what it is, how long it may take, what to do when it fails, and the arguments of cargo.
struct Check {
    what: &'static str,
    may_take: &'static str,
    advice: &'static str,
    cargo: &'static [&'static str],
}

const FIX_LINTS: &str =
    "mend what is reported, or say why not with #[expect(lint, reason = \"...\")]";

const CHECKS: &[Check] = &[
    Check {
        what: "format",
        may_take: "5 s",
        advice: "cargo fmt --all",
        cargo: &["fmt", "--all", "--check"],
    },
    Check {
        what: "Cargo.lock is that of the manifests",
        may_take: "1 min",
        advice: "run `cargo check` once and commit Cargo.lock",
        cargo: &["fetch", "--quiet", "--locked"],
    },
    Check {
        what: "unused dependencies",
        may_take: "10 s",
        advice: "remove the dependency from that Cargo.toml, or list it there under \
                 [package.metadata.cargo-machete] ignored",
        cargo: &["machete"],
    },
    Check {
        what: "licences, banned crates, sources (not advisories: those need a network that may be missing)",
        may_take: "5 s",
        advice: "choose another crate, or change deny.toml and say why there",
        cargo: &["deny", "--offline", "check", "bans", "licenses", "sources"],
    },
    Check {
        what: "lints, native",
        may_take: "8 min",
        advice: FIX_LINTS,
        cargo: &[
            "clippy",
            "--locked",
            "--workspace",
            "--exclude",
            "frontend",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
    },
    Check {
        what: "lints, wasm32",
        may_take: "4 min",
        advice: FIX_LINTS,
        cargo: &[
            "clippy",
            "--locked",
            "--package",
            "frontend",
            "--package",
            "shared-types",
            "--target",
            WASM_TARGET,
            "--",
            "-D",
            "warnings",
        ],
    },
    Check {
        what: "documentation, native",
        may_take: "1 min",
        advice: "mend the comment that is reported",
        cargo: &[
            "doc",
            "--locked",
            "--no-deps",
            "--workspace",
            "--exclude",
            "frontend",
            "--document-private-items",
        ],
    },
    Check {
        what: "documentation, wasm32",
        may_take: "1 min",
        advice: "mend the comment that is reported",
        cargo: &[
            "doc",
            "--locked",
            "--no-deps",
            "--package",
            "frontend",
            "--document-private-items",
            "--target",
            WASM_TARGET,
        ],
    },
];

/// Everything, as CI runs it.
pub fn check(args: &[String]) -> Result {
    if let Some(surplus) = args.first() {
        return Err(Failure::usage(format!("`check` takes no `{surplus}`")));
    }
    let start = Instant::now();
    let tools = Toolbox::for_lints()?;
    for check in CHECKS {
        let mut cargo = shell::cargo(check.cargo);
        if check.cargo[0] == "doc" {
            // It takes no arguments for rustdoc.
            cargo.env("RUSTDOCFLAGS", "-D warnings");
        }
        tools.equip(&mut cargo)?;
        step(check.what, check.may_take, check.advice, || {
            shell::run(&mut cargo)
        })?;
    }
    test::test(&[])?;
    eprintln!(
        "==> all checks passed, in {:.1} min",
        start.elapsed().as_secs_f32() / 60.0
    );
    Ok(())
}
