//! Debian packages, for what no other way installs.

use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::failure::{Failure, Result};
use crate::{place, shell};

/// Installs packages, or says how to when it may not.
pub fn install(missing: &str, packages: &[&str]) -> Result {
    let by_hand = format!(
        "apt-get install --no-install-recommends {}",
        packages.join(" ")
    );
    if place::on_path("apt-get").is_none() {
        let advice = format!("install it with this system's packages (on Debian: {by_hand})");
        return Err(Failure::new(format!("{missing} is missing")).advise(advice));
    }
    if !is_root() {
        return Err(Failure::new(format!("{missing} is missing")).advise(format!("sudo {by_hand}")));
    }
    eprintln!("    {missing} is missing: installing Debian's package");
    update();
    let mut install = apt_get(&["install", "-y", "--no-install-recommends"]);
    shell::run(install.args(packages)).map_err(|failure| failure.advise(by_hand))
}

/// Once per run. A failure is no reason to stop: the lists that are there may do, and the install will tell.
fn update() {
    static DONE: OnceLock<()> = OnceLock::new();
    DONE.get_or_init(|| {
        if let Err(failure) = shell::run(&mut apt_get(&["update"])) {
            eprintln!("    {failure}; going on with the lists that are there");
        }
    });
}

fn apt_get(args: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    // Another apt may be at work; and a server's package must not start the server (RUNLEVEL is what keeps it from it).
    command
        .args(["-qq", "-o", "DPkg::Lock::Timeout=300"])
        .args(args);
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("RUNLEVEL", "1")
        // Even -qq lets dpkg tell of every file; what goes wrong comes on the other output.
        .stdout(Stdio::null());
    command
}

fn is_root() -> bool {
    shell::output(Command::new("id").arg("-u")).is_ok_and(|uid| uid == "0")
}
