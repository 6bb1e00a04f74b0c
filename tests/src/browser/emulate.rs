//! Other screens, settings and networks.

use serde_json::{Value, json};
use thirtyfour::extensions::cdp::ChromeDevTools;

use super::Browser;

/// How the page is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Browser {
    /// Makes the page this large, whatever the window is.
    ///
    /// # Panics
    /// The browser is gone.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    /// Asks for light or dark, as a system's setting does.
    ///
    /// # Panics
    /// The browser is gone.
    pub async fn prefer(&self, scheme: Scheme) {
        let value = if scheme == Scheme::Dark {
            "dark"
        } else {
            "light"
        };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Tells the page that there is no network, or that there is again. What has been opened stays; to break that, put a
    /// [`crate::Proxy`] in between.
    ///
    /// # Panics
    /// The browser is gone.
    pub async fn set_offline(&self, offline: bool) {
        let conditions = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.devtools("Network.emulateNetworkConditions", conditions)
            .await;
    }

    /// What the DevTools protocol answers to a command.
    ///
    /// # Panics
    /// It refuses it.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let devtools = ChromeDevTools::new(self.driver.handle.clone());
        let answer = devtools.execute_cdp_with_params(command, parameters).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }
}
