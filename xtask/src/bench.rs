//! `cargo xtask bench`.

use crate::failure::Result;
use crate::profile::Profile;
use crate::step::step;
use crate::tools::{Browser, Servers, Toolbox};
use crate::{app, place, server, shell};

/// Measures what the arguments say (`fanout`, `creates`, `nodes`, `--quick`), or everything, beside the servers that can
/// be had; `page` measures the page.
pub fn bench(args: &[String]) -> Result {
    if let [what, args @ ..] = args
        && what == "page"
    {
        return page(args);
    }
    let servers = Servers::ensure()?;
    let server = server::build()?;
    let mut load = shell::cargo(&["run", "--release", "--package", "load", "--"]);
    servers.announce(load.args(args).env("DEVTEAM_BIN", server));
    step(
        "the benchmarks",
        "30 min",
        "look at what the load generator says above",
        || shell::run(&mut load),
    )
}

/// The released app in Chromium, with a large project.
fn page(args: &[String]) -> Result {
    app::build(&Toolbox::for_app(Profile::Release)?, Profile::Release)?;
    let browser = Browser::ensure()?;
    let server = server::build()?;
    let mut measure = shell::cargo(&["run", "--package", "tests", "--bin", "measure-page", "--"]);
    measure
        .args(args)
        .env("DEVTEAM_BIN", server)
        .env("DEVTEAM_DIST", place::dist())
        .env("CHROMIUM", browser.chromium)
        .env("CHROMEDRIVER", browser.driver);
    step(
        "the page with many tasks",
        "2 min",
        "look at what is said above",
        || shell::run(&mut measure),
    )
}
