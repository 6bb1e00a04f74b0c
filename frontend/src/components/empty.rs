//! Nothing here, something wrong, or not here yet: each says what to do next.

use yew::prelude::*;

use super::icon::{Icon, icon};

/// An empty place: what it is for, and (in `next`) what to do.
pub fn empty(which: Icon, title: &str, text: &str, next: Html) -> Html {
    html! {
        <div class="empty">
            { icon(which) }
            <h2>{ title }</h2>
            <p>{ text }</p>
            <div class="row">{ next }</div>
        </div>
    }
}

/// One line where a list has nothing.
pub fn nothing(text: &str) -> Html {
    html! { <p class="empty empty-small">{ text }</p> }
}

/// What to know about the whole page, with (in `next`) what to do about it.
pub fn notice(bad: bool, text: Html, next: Html) -> Html {
    html! {
        <div class={classes!("notice", bad.then_some("notice-bad"))} role={if bad { "alert" } else { "status" }}>
            { icon(Icon::Warning) }
            <span>{ text }</span>
            { next }
        </div>
    }
}
