//! Priority: dots, one to three bars, a filled square.

use shared_types::model::Priority;
use yew::prelude::*;

/// All of them, the most urgent first, as menus list them.
pub const PRIORITIES: [Priority; 5] = [
    Priority::Urgent,
    Priority::High,
    Priority::Medium,
    Priority::Low,
    Priority::None,
];

/// What a person reads.
pub fn priority_label(priority: Priority) -> &'static str {
    match priority {
        Priority::None => "No priority",
        Priority::Low => "Low",
        Priority::Medium => "Medium",
        Priority::High => "High",
        Priority::Urgent => "Urgent",
    }
}

/// The shape.
pub fn priority_icon(priority: Priority) -> Html {
    let (class, bars) = match priority {
        Priority::None => ("priority-none", 0),
        Priority::Low => ("priority-low", 1),
        Priority::Medium => ("priority-medium", 2),
        Priority::High => ("priority-high", 3),
        Priority::Urgent => ("priority-urgent", 4),
    };
    let shape = match bars {
        0 => html! { <path d="M2 8h3M6.5 8h3M11 8h3" stroke="currentColor" stroke-width="1.6" /> },
        4 => html! {
            <>
                <rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="currentColor" />
                <path d="M8 4.5v4.5M8 11.3v.01" stroke="var(--bg-raised)" stroke-width="1.8"
                    stroke-linecap="round" />
            </>
        },
        _ => (0..3)
            .map(|bar| {
                let height = 4 + bar * 3;
                let opacity = if bar < bars { "1" } else { "0.3" };
                html! {
                    <rect x={(2 + bar * 4 + bar / 2).to_string()} y={(13 - height).to_string()} width="3"
                        height={height.to_string()} rx="1" fill="currentColor" {opacity} />
                }
            })
            .collect(),
    };
    html! {
        <svg class={classes!("icon", class)} viewBox="0 0 16 16" aria-hidden="true" focusable="false">{ shape }</svg>
    }
}
