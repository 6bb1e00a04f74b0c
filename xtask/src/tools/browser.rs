//! Chromium and its driver, for the browser tests.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::apt;
use crate::failure::{Failure, Result};
use crate::step::step;
use crate::{place, shell};

/// A browser and the driver of the same version.
pub struct Browser {
    /// The browser's program.
    pub chromium: PathBuf,
    /// The WebDriver server's program.
    pub driver: PathBuf,
}

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

impl Browser {
    /// Those named by `CHROMIUM` and `CHROMEDRIVER`, those on `PATH`, or Debian's.
    pub fn ensure() -> Result<Self> {
        step(
            "a browser to test with",
            "1 min",
            "install Chromium and chromedriver by hand",
            || {
                let browser = match Self::find() {
                    Some(browser) => browser,
                    None => Self::install()?,
                };
                browser.check()?;
                Ok(browser)
            },
        )
    }

    fn install() -> Result<Self> {
        // With a font: which one it is decides where lines break.
        apt::install(
            "Chromium with its driver",
            &["chromium", "chromium-driver", "fonts-liberation"],
        )?;
        Self::find().ok_or_else(|| Failure::new("Chromium is installed and yet not on PATH"))
    }

    fn find() -> Option<Self> {
        let named = |name| env::var_os(name).map(PathBuf::from);
        let chromium = named("CHROMIUM").or_else(|| NAMES.into_iter().find_map(place::on_path))?;
        let driver = named("CHROMEDRIVER").or_else(|| place::on_path("chromedriver"))?;
        Some(Self { chromium, driver })
    }

    /// A driver of another version refuses to start a session, with a message that is hard to find in a test's output.
    fn check(&self) -> Result {
        let (browser, driver) = (major(&self.chromium)?, major(&self.driver)?);
        if browser == driver {
            return Ok(());
        }
        let advice =
            "install both from one source, or name a pair with CHROMIUM=... CHROMEDRIVER=...";
        Err(Failure::new(format!(
            "Chromium is version {browser}, its driver {driver}"
        ))
        .advise(advice))
    }
}

/// The major version a program says it has: "Chromium 156.0.8078.79 built on Debian" has 156.
fn major(program: &Path) -> Result<String> {
    let said = shell::output(Command::new(program).arg("--version"))?;
    major_in(&said).ok_or_else(|| {
        Failure::new(format!(
            "{} does not tell its version: {said}",
            program.display()
        ))
    })
}

fn major_in(said: &str) -> Option<String> {
    let version = said
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    version.split('.').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::major_in;

    #[test]
    fn the_major_version_is_found_in_what_browsers_and_drivers_say() {
        assert_eq!(
            major_in("Chromium 156.0.8078.79 built on Debian GNU/Linux 12").as_deref(),
            Some("156")
        );
        assert_eq!(
            major_in("ChromeDriver 156.0.8078.79 (0f1e-refs/heads)").as_deref(),
            Some("156")
        );
        assert_eq!(major_in("no version"), None);
    }
}
