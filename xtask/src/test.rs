//! `cargo xtask test`.

use crate::failure::Result;
use crate::failures::Failures;
use crate::profile::Profile;
use crate::step::step;
use crate::tools::{Browser, Servers, Toolbox, ensure_faketime, ensure_mcp};
use crate::{app, place, server, shell};

/// Builds what tests need, then runs those that `args` name, or all.
pub fn test(args: &[String]) -> Result {
    let tools = Toolbox::for_app(Profile::Release)?;
    let browser = Browser::ensure()?;
    let servers = Servers::ensure_for_tests()?;
    let faketime = ensure_faketime()?;
    let mcp_python = ensure_mcp()?;
    app::build(&tools, Profile::Release)?;
    let server = server::build_with_tests()?;
    // Unoptimised on purpose: tests and server share their libraries, and its debug assertions are tests too.
    let mut cargo = shell::cargo(&["test"]);
    if !args
        .iter()
        .any(|arg| arg == "-p" || arg.starts_with("--package"))
    {
        cargo.arg("--workspace");
    }
    cargo.arg("--no-fail-fast").args(args);
    cargo
        .env("DEVTEAM_BIN", server)
        .env("DEVTEAM_DIST", place::dist())
        .env("DEVTEAM_APP_BUILDS_STD", tools.builds_std().to_string())
        .env("AXE_JS", tools.axe_js());
    cargo
        .env("CHROMIUM", browser.chromium)
        .env("CHROMEDRIVER", browser.driver)
        .env("FAKETIME_LIBRARY", faketime)
        .env("MCP_PYTHON", mcp_python);
    servers.announce(&mut cargo);
    let advice = "one test again: cargo xtask test <part of its name>";
    let mut failures = Failures::default();
    let result = step("tests", "25 min", advice, || {
        shell::run_read(&mut cargo, |line| failures.read(line))
    });
    if let (Err(_), Some(told)) = (&result, failures.told()) {
        eprintln!("{told}");
    }
    result
}
