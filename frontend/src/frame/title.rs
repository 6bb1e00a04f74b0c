//! The page's title.

use yew::prelude::*;

use super::breadcrumb::crumbs;
use crate::{
    routes::{Route, use_item_drawer},
    store::use_select,
};

const APP: &str = "AI Dev Team";

/// Keeps the title of the document in step with where one is: what is open, the page, the app.
#[hook]
pub fn use_title(route: Option<&Route>) {
    let route = route.cloned().unwrap_or(Route::NotFound);
    let open = use_item_drawer().item().map(ToOwned::to_owned);
    let title = use_select(move |state| {
        let on_page = if let Route::Item { item } = &route {
            Some(item.clone())
        } else {
            None
        };
        let item = open
            .clone()
            .or(on_page)
            .and_then(|name| state.find_item(&name).cloned());
        let mut parts: Vec<String> = item
            .iter()
            .map(|item| format!("{} {}", item.key, item.title))
            .collect();
        if item.is_none() {
            parts.extend(
                crumbs(state, &route)
                    .into_iter()
                    .rev()
                    .map(|(name, _)| name),
            );
        }
        parts.push(APP.to_owned());
        parts.join(" · ")
    });
    use_effect_with(title, |title| gloo::utils::document().set_title(title));
}
