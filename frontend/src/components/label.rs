//! Labels: chips with a dot whose colour comes from the label's text.

use shared_types::value::Label;
use yew::prelude::*;

/// One label.
pub fn label_chip(label: &Label) -> Html {
    html! {
        <span class="chip" title={label.to_string()}>
            { label_dot(label) }
            <span>{ label.to_string() }</span>
        </span>
    }
}

/// Its coloured dot.
pub fn label_dot(label: &str) -> Html {
    let hue = label.bytes().fold(7u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    }) % 360;
    html! { <span class="chip-dot" style={format!("--hue:{hue}")} aria-hidden="true"></span> }
}
