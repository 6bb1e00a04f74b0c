//! A screen of 360 px.

use super::{empty, open, ready};

#[tokio::test]
async fn the_current_tab_is_in_sight_and_the_page_stays_where_it_is() {
    let server = empty();
    server.api().project("Website").await;
    let browser = open(&server, "/projects").await;
    browser.resize(360, 740).await;
    for tab in ["about", "activity", "board"] {
        browser.goto(&format!("/projects/website?tab={tab}")).await;
        ready(&browser).await;
        let in_sight = "const at = (css) => document.querySelector(css).getBoundingClientRect();
            const [row, tab] = [at('.page > .tabs'), at('.tab[aria-current]')];
            return tab.left >= row.left && tab.right <= row.right && tab.width > 0 && scrollY === 0;";
        browser.until(&format!("the tab {tab}"), in_sight).await;
    }
}
