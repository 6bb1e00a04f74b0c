use std::{
    env,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
};

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{
    CapabilitiesHelper, ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities,
    prelude::WebDriverResult,
};

/// What Chromium needs to run as any user, without a display, and without looking for anything on the network.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A driver and its address.
pub(super) fn start() -> (Child, String) {
    let program = env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
    let mut command = Command::new(&program);
    // A group of its own, so that the browsers it starts can be ended with it.
    command
        .arg("--port=0")
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut process = command.spawn().unwrap_or_else(|error| {
        panic!(
            "{}: {error}; `cargo xtask test` finds or installs a browser",
            program.display()
        )
    });
    let mut lines = BufReader::new(process.stdout.take().expect("its output is a pipe")).lines();
    let port = lines.find_map(|line| {
        let line = line.ok()?;
        line.split_once("started successfully on port ")?
            .1
            .trim_end_matches('.')
            .parse::<u16>()
            .ok()
    });
    let port = port.expect("the driver tells its port");
    // What else it says must not fill the pipe.
    std::thread::spawn(move || lines.for_each(drop));
    (process, format!("http://127.0.0.1:{port}"))
}

/// What a browser with this profile is to be like.
pub(super) fn capabilities(profile: &TempDir) -> WebDriverResult<ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    for flag in FLAGS {
        capabilities.add_arg(flag)?;
    }
    capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    capabilities.add_arg("--window-size=1280,900")?;
    if let Some(program) = env::var_os("CHROMIUM") {
        capabilities.set_binary(&program.to_string_lossy())?;
    }
    capabilities.insert_base_capability("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
    Ok(capabilities)
}
