//! What an item is: a mountain of an epic, a diamond of a feature, the square of a task.

use shared_types::model::ItemKind;
use yew::prelude::*;

/// What a person reads.
pub fn kind_label(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Epic => "Epic",
        ItemKind::Feature => "Feature",
        ItemKind::Task => "Task",
    }
}

/// The shape.
pub fn kind_icon(kind: ItemKind) -> Html {
    let (class, path) = match kind {
        ItemKind::Epic => ("kind-epic", "M1.5 13.5L6 4l2.7 4.5L10.5 6l4 7.5z"),
        ItemKind::Feature => ("kind-feature", "M8 1.8L14.2 8 8 14.2 1.8 8z"),
        ItemKind::Task => ("kind-task", "M3.5 3.5h9v9h-9z"),
    };
    html! {
        <svg class={classes!("icon", class)} viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.6"
            stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d={path} />
        </svg>
    }
}
