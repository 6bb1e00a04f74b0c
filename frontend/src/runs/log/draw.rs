//! What a log looks like.

use std::rc::Rc;

use shared_types::model::Usage;
use yew::prelude::*;

use super::block::{Block, Tool};
use crate::{
    components::{
        icon::{Icon, icon},
        markdown::markdown,
        time::in_full,
    },
    runs::words::{count, money},
};

/// Properties of [`BlockView`].
#[derive(Properties, PartialEq)]
pub struct BlockProps {
    pub block: Rc<Block>,
}

/// One thing to read. A component, so that what does not change is not drawn anew with every word that is written.
#[component]
pub fn BlockView(props: &BlockProps) -> Html {
    match &*props.block {
        Block::Text(text) => html! { <div class="log-text">{ markdown(text.clone()) }</div> },
        Block::Reasoning(text) => html! {
            <details class="log-fold"><summary>{ "Reasoning" }</summary><div class="log-detail">{ markdown(text.clone()) }</div></details>
        },
        Block::Tool(tool) => tool_used(tool),
        Block::Usage { usage, cost } => {
            html! { <p class="log-aside">{ usage_words(*usage, *cost) }</p> }
        }
        Block::Started { with, at } => {
            let at = at.map(in_full).unwrap_or_default();
            html! { <p class="log-aside">{ format!("Begun with {with} · {at}") }</p> }
        }
        Block::Note(text) => html! { <p class="log-aside">{ text }</p> },
    }
}

/// What a call to a model came to.
pub fn usage_words(usage: Usage, cost: u64) -> String {
    let cached = match usage.cached {
        0 => String::new(),
        cached => format!(" ({} cached)", count(cached)),
    };
    format!(
        "{} tokens in{cached}, {} out · {}",
        count(usage.input),
        count(usage.output),
        money(cost)
    )
}

/// Folded: its name, what it is about, and whether it did.
fn tool_used(tool: &Tool) -> Html {
    let (mark, said) = match (&tool.result, tool.has_failed) {
        // With these it hands over: nobody answers it.
        (None, _) if tool.hands_over() => (Icon::Check, "done"),
        (None, _) => (Icon::More, "no answer yet"),
        (Some(_), false) => (Icon::Check, "done"),
        (Some(_), true) => (Icon::Warning, "failed"),
    };
    html! {
        <details class="log-fold" data-failed={tool.has_failed.to_string()}>
            <summary>
                { icon(mark) }
                <code>{ &tool.name }</code>
                <span class="truncate muted">{ glance(&tool.arguments) }</span>
                <span class="sr-only">{ said }</span>
            </summary>
            <div class="log-detail">
                <h3>{ "Arguments" }</h3>
                <pre tabindex="0">{ pretty(&tool.arguments) }</pre>
                if let Some(result) = &tool.result {
                    <h3>{ if tool.has_failed { "Why it failed" } else { "Result" } }</h3>
                    <pre tabindex="0">{ pretty(result) }</pre>
                }
            </div>
        </details>
    }
}

/// The first words among the arguments.
fn glance(arguments: &str) -> String {
    const MOST: usize = 80;
    let value: serde_json::Value = crate::json::read(arguments).unwrap_or_default();
    let fields = value
        .as_object()
        .into_iter()
        .flat_map(|fields| fields.values());
    let mut texts = fields.filter_map(|value| value.as_str());
    let text = texts.next().unwrap_or_default().chars();
    text.filter(|c| !"*_`#".contains(*c)).take(MOST).collect()
}

/// JSON with its lines apart, anything else as it is.
pub fn pretty(text: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(text);
    let value = value
        .ok()
        .filter(|value| value.is_object() || value.is_array());
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value).ok());
    pretty.unwrap_or_else(|| text.to_owned())
}
