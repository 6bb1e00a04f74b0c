//! A panic leaves a page that says so, not a frozen one.

use std::panic::PanicHookInfo;

/// Shows what happened and offers to load the page again.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
        show(info);
    }));
}

fn show(info: &PanicHookInfo<'_>) {
    let document = gloo::utils::document();
    // It is a template in index.html, so that this depends on nothing that may be broken.
    let Some(page) = document.get_element_by_id("broken") else {
        return;
    };
    if let Ok(Some(detail)) = page.query_selector("pre") {
        detail.set_text_content(Some(&info.to_string()));
    }
    // What can't be shown any more is not worth a second panic.
    let _ = page.remove_attribute("hidden");
    if let Some(app) = document.get_element_by_id("app") {
        let _ = app.set_attribute("hidden", "");
    }
}
