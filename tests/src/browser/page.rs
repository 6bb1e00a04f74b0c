//! What a person sees and does.

use std::time::{Duration, Instant};

use serde_json::json;
use thirtyfour::{By, WebElement};
use tokio::time::sleep;

use super::Browser;
use crate::wait::PATIENCE;

impl Browser {
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
