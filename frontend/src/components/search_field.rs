//! The field that filters a list by text. What is typed stands in the address, so that it survives a reload and can be
//! sent.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    components::icon::{Icon, icon},
    letters::lower,
    routes::{UseQuery, use_query},
};

/// Its name in the address.
pub const NAME: &str = "q";

/// What is looked for, in small letters; empty for everything.
pub fn sought(query: &UseQuery) -> String {
    lower(query.get(NAME).unwrap_or_default())
}

/// Properties of [`SearchField`].
#[derive(Properties, PartialEq)]
pub struct SearchFieldProps {
    /// What it says while it is empty, and to a screen reader.
    pub label: &'static str,
}

/// See the module.
#[component]
pub fn SearchField(props: &SearchFieldProps) -> Html {
    let query = use_query();
    let text = query.get(NAME).unwrap_or_default().to_owned();
    let oninput = Callback::from(move |event: InputEvent| {
        let typed = event
            .target_dyn_into::<HtmlInputElement>()
            .map(|input| input.value())
            .unwrap_or_default();
        query.replace(NAME, Some(typed.as_str()).filter(|typed| !typed.is_empty()));
    });
    html! {
        <label class="search-field">
            { icon(Icon::Filter) }
            <input class="input input-compact" type="search" placeholder={props.label} aria-label={props.label} value={text} {oninput} />
        </label>
    }
}
