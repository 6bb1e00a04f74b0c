//! The log of a run: read as it is written, and drawn.

mod block;
mod draw;
mod follow;

use shared_types::value::RunId;
use yew::prelude::*;

pub use self::draw::pretty;
use self::{draw::BlockView, follow::use_log};
use crate::components::{empty::nothing, skeleton::skeleton_rows};

/// Properties of [`Log`].
#[derive(Properties, PartialEq)]
pub struct LogProps {
    pub run: RunId,
    /// Something may still be written.
    pub is_open: bool,
    /// Something is written now.
    pub is_running: bool,
}

/// All of it, the newest at the end. Where one looks at the end, that stays so; who has scrolled up is left there.
#[component]
pub fn Log(props: &LogProps) -> Html {
    let log = use_log(props.run, props.is_open);
    let blocks = log.blocks.iter().enumerate().map(|(index, block)| {
        html! { <BlockView key={index} block={block.clone()} /> }
    });
    html! {
        <section class="section" aria-label="Log">
            <div class="section-header">
                <h2>{ "Log" }</h2>
                if log.offset > 0 {
                    <span class="count" title="Entries">{ log.offset }</span>
                }
                if let Some(trouble) = &log.trouble {
                    <span class="field-error" role="status">{ format!("{trouble} It goes on where it stopped.") }</span>
                }
            </div>
            if log.blocks.is_empty() {
                { match (log.is_known, props.is_open) {
                    (false, _) => skeleton_rows(4),
                    (true, true) => nothing("Nothing is written yet."),
                    (true, false) => nothing("Nothing is kept of what was written."),
                } }
            } else {
                // Drawn from the bottom up, so that the browser itself stays at the end; a reader is not told each word.
                <div class="log" role="log" aria-live="off" aria-label="What the run has written" tabindex="0">
                    <div class="log-blocks" data-running={props.is_running.to_string()}>{ for blocks }</div>
                </div>
            }
        </section>
    }
}
