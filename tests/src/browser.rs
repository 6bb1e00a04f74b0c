//! Chromium, driven as a person would: a page of the app on a real server.

use std::{
    env,
    io::{BufRead, BufReader},
    net::SocketAddr,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    By, CapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver, WebElement,
    extensions::cdp::ChromeDevTools, prelude::WebDriverResult,
};
use tokio::time::sleep;

use crate::{place, wait::PATIENCE};

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

/// How the page is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// One browser with one page, with a profile of its own. It is ended when it is dropped.
pub struct Browser {
    driver: WebDriver,
    process: Child,
    driver_url: String,
    origin: String,
    _profile: TempDir,
}

/// What an accessibility check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// axe's name of the rule.
    pub rule: String,
    /// `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// What is wrong, and the HTML it is wrong with.
    pub description: String,
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
        let (process, driver_url) = start_driver();
        let capabilities = capabilities(&profile).expect("capabilities are plain JSON");
        let driver = WebDriver::new(&driver_url, capabilities)
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

    /// The first element that a CSS selector finds, once there is one that is displayed.
    ///
    /// # Panics
    /// There is none in time.
    pub async fn find(&self, css: &str) -> WebElement {
        self.wait(css, async || {
            for element in self.driver.find_all(By::Css(css)).await.ok()? {
                if element.is_displayed().await.unwrap_or(false) {
                    return Some(element);
                }
            }
            None
        })
        .await
    }

    /// The first displayed element that a CSS selector finds and that holds this text.
    ///
    /// # Panics
    /// There is none in time.
    pub async fn find_with_text(&self, css: &str, text: &str) -> WebElement {
        self.wait(&format!("{css} with {text:?}"), async || {
            for element in self.driver.find_all(By::Css(css)).await.ok()? {
                if element.text().await.is_ok_and(|found| found.contains(text)) {
                    return Some(element);
                }
            }
            None
        })
        .await
    }

    /// How many elements there are now.
    pub async fn count(&self, css: &str) -> usize {
        self.driver
            .find_all(By::Css(css))
            .await
            .map_or(0, |found| found.len())
    }

    /// The text of the page as it is shown.
    pub async fn text(&self) -> String {
        self.eval("return document.body.innerText")
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Waits until the page shows this text.
    ///
    /// # Panics
    /// It does not in time.
    pub async fn sees(&self, text: &str) {
        self.wait(&format!("the text {text:?}"), async || {
            self.text().await.contains(text).then_some(())
        })
        .await;
    }

    /// Waits until the page shows this text no longer.
    ///
    /// # Panics
    /// It does in the end.
    pub async fn sees_no_more(&self, text: &str) {
        self.wait(&format!("no text {text:?}"), async || {
            (!self.text().await.contains(text)).then_some(())
        })
        .await;
    }

    /// Waits until a script returns true.
    ///
    /// # Panics
    /// It does not in time.
    pub async fn until(&self, what: &str, script: &str) {
        self.wait(what, async || {
            (self.eval(script).await == json!(true)).then_some(())
        })
        .await;
    }

    /// Clicks what a CSS selector finds.
    ///
    /// # Panics
    /// It can't be clicked in time.
    pub async fn click(&self, css: &str) {
        self.wait(&format!("a click on {css}"), async || {
            for element in self.driver.find_all(By::Css(css)).await.ok()? {
                if element.click().await.is_ok() {
                    return Some(());
                }
            }
            None
        })
        .await;
    }

    /// Clicks what a CSS selector finds and that holds this text.
    ///
    /// # Panics
    /// It can't be clicked in time.
    pub async fn click_text(&self, css: &str, text: &str) {
        self.wait(&format!("a click on {css} with {text:?}"), async || {
            for element in self.driver.find_all(By::Css(css)).await.ok()? {
                if element.text().await.is_ok_and(|found| found.contains(text))
                    && element.click().await.is_ok()
                {
                    return Some(());
                }
            }
            None
        })
        .await;
    }

    /// Types into a field, in place of what is in it.
    ///
    /// # Panics
    /// There is no such field.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.expect("a field can be cleared");
        field.send_keys(text).await.expect("a field takes keys");
    }

    /// Presses keys wherever the focus is: text, or the keys of [`thirtyfour::Key`].
    ///
    /// # Panics
    /// The browser is gone.
    pub async fn press(&self, keys: impl AsRef<str>) {
        let pressed = self
            .driver
            .action_chain()
            .send_keys(keys.as_ref())
            .perform()
            .await;
        pressed.expect("keys can be pressed");
    }

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

    /// Keeps what the page looks like, under the folder of [`place::output`].
    ///
    /// # Panics
    /// The browser is gone.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let path = place::output().join(format!("{name}.png"));
        self.driver
            .screenshot(&path)
            .await
            .expect("a screenshot can be taken");
        path
    }

    /// The errors on the console since this was asked last: exceptions, `console.error`, and what could not be loaded.
    ///
    /// # Panics
    /// The browser is gone.
    pub async fn console_errors(&self) -> Vec<String> {
        let url = format!(
            "{}/session/{}/se/log",
            self.driver_url,
            self.driver.handle.session_id()
        );
        let answer = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a plain client");
        let answer = answer
            .post(url)
            .json(&json!({ "type": "browser" }))
            .send()
            .await
            .expect("the driver answers");
        let entries: Value = answer.json().await.expect("the driver answers JSON");
        let severe = entries["value"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|entry| entry["level"] == "SEVERE");
        severe
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Serious and critical violations of the rules of accessibility, by axe-core, on the page as it is now.
    ///
    /// # Panics
    /// `AXE_JS` does not name axe-core's script.
    pub async fn accessibility(&self) -> Vec<Violation> {
        let script = env::var_os("AXE_JS")
            .expect("AXE_JS names axe-core's axe.min.js; `cargo xtask test` sets it");
        let script = std::fs::read_to_string(script).expect("AXE_JS can be read");
        self.driver
            .execute(script, vec![])
            .await
            .expect("axe-core can be loaded");
        let run = "const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] }).then(r => done(r.violations), e => done(String(e)));";
        let found = self
            .driver
            .execute_async(run, vec![])
            .await
            .expect("axe-core runs");
        let found = found
            .json()
            .as_array()
            .unwrap_or_else(|| panic!("axe-core: {}", found.json()))
            .clone();
        let violations = found.iter().map(|violation| Violation {
            rule: text(&violation["id"]),
            impact: text(&violation["impact"]),
            description: format!("{}: {}", text(&violation["help"]), nodes(violation)),
        });
        violations
            .filter(|violation| ["serious", "critical"].contains(&violation.impact.as_str()))
            .collect()
    }

    /// Asks again and again; what the page looked like when it was in vain is kept.
    async fn wait<T>(&self, what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            if begun.elapsed() > PATIENCE {
                let shown = self.screenshot("waited-in-vain").await;
                let errors = self.console_errors().await;
                panic!(
                    "waited in vain for {what} at {}, see {}; {errors:?}",
                    self.path().await,
                    shown.display()
                );
            }
            sleep(Duration::from_millis(50)).await;
        }
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

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn nodes(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().into_iter().flatten().take(3);
    nodes
        .map(|node| text(&node["html"]))
        .collect::<Vec<_>>()
        .join(" | ")
}

fn start_driver() -> (Child, String) {
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

fn capabilities(profile: &TempDir) -> WebDriverResult<thirtyfour::ChromeCapabilities> {
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
