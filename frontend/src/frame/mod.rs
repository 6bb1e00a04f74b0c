//! What is around every page.

use yew::prelude::*;

/// Properties of [`Frame`].
#[derive(Properties, PartialEq)]
pub struct FrameProps {
    pub children: Html,
}

/// The frame with the page in it.
#[component]
pub fn Frame(props: &FrameProps) -> Html {
    html! { <main>{ props.children.clone() }</main> }
}
