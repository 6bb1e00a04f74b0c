//! Chromium, driven as a person would: a page of the app on a real server.

mod check;
mod driver;
mod emulate;
mod page;

use std::{net::SocketAddr, process::Child};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use serde_json::Value;
use tempfile::TempDir;
use thirtyfour::{WebDriver, common::config::WebDriverConfig};

use crate::http;

pub use check::Violation;
pub use emulate::Scheme;

/// One browser with one page, with a profile of its own. It is ended when it is dropped.
pub struct Browser {
    driver: WebDriver,
    process: Child,
    driver_url: String,
    origin: String,
    _profile: TempDir,
}

impl Browser {
    /// A browser with the app's first page, from a server or from a proxy before one.
    ///
    /// # Panics
    /// There is no Chromium or no driver for it.
    pub async fn open(address: SocketAddr) -> Self {
        Self::open_at(address, "/").await
    }

    /// A browser with this page of the app.
    ///
    /// # Panics
    /// There is no Chromium or no driver for it.
    pub async fn open_at(address: SocketAddr, path: &str) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let (process, driver_url) = driver::start();
        let capabilities = driver::capabilities(&profile).expect("capabilities are plain JSON");
        let config = WebDriverConfig::default();
        let client = http::client().timeout(config.reqwest_timeout);
        let client = client.build().expect("a plain client");
        let driver =
            WebDriver::new_with_config_and_client(&driver_url, capabilities, config, client)
                .await
                .unwrap_or_else(|error| panic!("no browser: {error}"));
        let browser = Self {
            driver,
            process,
            driver_url,
            origin: format!("http://{address}"),
            _profile: profile,
        };
        browser.goto(path).await;
        browser
    }

    /// The WebDriver session, for what has no shorter way here.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Loads a page of the app.
    ///
    /// # Panics
    /// The browser is gone.
    pub async fn goto(&self, path: &str) {
        self.driver
            .goto(format!("{}{path}", self.origin))
            .await
            .expect("the browser goes to a page");
    }

    /// Loads the page again.
    ///
    /// # Panics
    /// The browser is gone.
    pub async fn reload(&self) {
        self.driver.refresh().await.expect("the browser reloads");
    }

    /// Goes back in history.
    ///
    /// # Panics
    /// The browser is gone.
    pub async fn back(&self) {
        self.driver.back().await.expect("the browser goes back");
    }

    /// Goes forward in history.
    ///
    /// # Panics
    /// The browser is gone.
    pub async fn forward(&self) {
        self.driver
            .forward()
            .await
            .expect("the browser goes forward");
    }

    /// The path of the page, with its query.
    pub async fn path(&self) -> String {
        let path = self
            .eval("return location.pathname + location.search")
            .await;
        path.as_str().unwrap_or_default().to_owned()
    }

    /// What a script returns.
    ///
    /// # Panics
    /// It throws.
    pub async fn eval(&self, script: &str) -> Value {
        self.driver
            .execute(script, vec![])
            .await
            .unwrap_or_else(|error| panic!("{script}: {error}"))
            .json()
            .clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The session ends with its process; there is nobody to say goodbye to.
        drop(self.driver.clone().leak());
        if let Ok(group) = self.process.id().try_into() {
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        drop(self.process.wait());
    }
}
