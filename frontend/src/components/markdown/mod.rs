//! Markdown. Its parser, with the names of two thousand characters, is a part of the app of its own.

mod parse;

use yew::prelude::*;

use crate::parts::{self, Part, use_part};

/// What reads it.
#[derive(Clone, Copy)]
pub struct Markdown {
    nodes: fn(&str) -> Html,
    plain: fn(&str) -> String,
}

/// That of the parser here.
pub const PARSED: Markdown = Markdown {
    nodes: parse::nodes,
    plain: parse::plain,
};

#[derive(Properties, PartialEq)]
struct TextProps {
    text: AttrValue,
}

/// Shows Markdown.
pub fn markdown(text: impl Into<AttrValue>) -> Html {
    let text = text.into();
    html! { <Text {text} /> }
}

/// Shows the beginning of a Markdown text without its marks, for a glance.
pub fn plain(text: impl Into<AttrValue>) -> Html {
    let text = text.into();
    html! { <Glance {text} /> }
}

#[component]
fn Text(props: &TextProps) -> Html {
    let nodes = match use_part(parts::markdown) {
        Part::Here(markdown) => (markdown.nodes)(&props.text),
        _ => Html::from(&*props.text),
    };
    html! { <div class="markdown">{ nodes }</div> }
}

#[component]
fn Glance(props: &TextProps) -> Html {
    match use_part(parts::markdown) {
        Part::Here(markdown) => Html::from((markdown.plain)(&props.text)),
        _ => Html::default(),
    }
}
