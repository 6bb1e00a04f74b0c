//! What is wrong with a page.

use std::{env, path::PathBuf};

use serde_json::{Value, json};

use super::Browser;
use crate::{http, place};

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
        let client = http::client().build().expect("a plain client");
        let answer = client
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

    /// Serious and critical violations of the rules of accessibility, by axe-core, on the page as it is
    /// when it has come to rest.
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
        // Contrast is that of a page at rest: halfway through fading in, everything is pale. What
        // moves for ever is left to move, and what was taken away meanwhile ends its animation so.
        let run = "const done = arguments[arguments.length - 1];
            const ends = (animation) => animation.effect?.getComputedTiming().endTime < Infinity;
            const moving = document.getAnimations().filter(ends);
            Promise.allSettled(moving.map((animation) => animation.finished))
                .then(() => axe.run(document, { resultTypes: ['violations'] }))
                .then((found) => done(found.violations), (error) => done(String(error)));";
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
