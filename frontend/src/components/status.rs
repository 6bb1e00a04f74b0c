//! Status: each has its shape, so that it can be told without its colour.

use shared_types::model::{ItemKind, Status};
use yew::prelude::*;

/// What a person reads.
pub fn status_label(status: Status) -> &'static str {
    match status {
        Status::Backlog => "Backlog",
        Status::Todo => "Todo",
        Status::InProgress => "In progress",
        Status::InReview => "In review",
        Status::Done => "Done",
        Status::Cancelled => "Cancelled",
        Status::Open => "Open",
        Status::Closed => "Closed",
    }
}

/// Those an item of this kind can have.
pub fn statuses_of(kind: ItemKind) -> &'static [Status] {
    match kind {
        ItemKind::Task => &Status::OF_TASK,
        ItemKind::Epic | ItemKind::Feature => &[Status::Open, Status::Closed],
    }
}

/// A dashed circle, an empty one, a half and a three-quarter pie, a tick, a cross.
pub fn status_icon(status: Status) -> Html {
    let class = classes!("icon", format!("status-{}", status.as_str()));
    let shape = match status {
        Status::Backlog => html! {
            <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2 2.2" />
        },
        Status::Todo | Status::Open => circle(),
        Status::InProgress => {
            html! { <>{ circle() }<path d="M8 4.5a3.5 3.5 0 010 7z" fill="currentColor" /></> }
        }
        Status::InReview => {
            html! { <>{ circle() }<path d="M8 4.5A3.5 3.5 0 114.5 8H8z" fill="currentColor" /></> }
        }
        Status::Done | Status::Closed => filled("M5 8.3l2.1 2.1L11 6.2"),
        Status::Cancelled => filled("M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4"),
    };
    html! { <svg {class} viewBox="0 0 16 16" aria-hidden="true" focusable="false">{ shape }</svg> }
}

fn circle() -> Html {
    html! { <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6" /> }
}

fn filled(mark: &'static str) -> Html {
    html! {
        <>
            <circle cx="8" cy="8" r="6.8" fill="currentColor" />
            <path d={mark} fill="none" stroke="var(--bg-raised)" stroke-width="1.7" stroke-linecap="round"
                stroke-linejoin="round" />
        </>
    }
}
