//! How far something is: what its tasks add up to.

use shared_types::model::{Rollup, Status};
use yew::prelude::*;

/// In words, for a screen reader and a tooltip.
pub fn progress_words(rollup: &Rollup) -> String {
    let tasks = rollup.tasks;
    match tasks.total() {
        0 => "No tasks yet".into(),
        total => format!(
            "{} of {total} tasks done, {} in review",
            tasks.done, tasks.in_review
        ),
    }
}

/// A ring: done in the accent, what waits for review behind it.
pub fn progress_ring(rollup: &Rollup) -> Html {
    // In thousandths of the way around, as whole numbers: code that writes fractions would be a hundredth of the first file.
    let arc = |class: &'static str, tasks: u32| {
        let length = thousandths(tasks, rollup.tasks.total());
        html! {
            <circle class={class} cx="8" cy="8" r="6" fill="none" stroke-width="3" transform="rotate(-90 8 8)"
                pathLength="1000" stroke-dasharray={format!("{length} 1000")} />
        }
    };
    let words = progress_words(rollup);
    html! {
        <svg class="icon" viewBox="0 0 16 16" role="img" aria-label={words.clone()} focusable="false">
            <title>{ words }</title>
            <circle class="ring-track" cx="8" cy="8" r="6" fill="none" stroke-width="3" />
            if rollup.tasks.done + rollup.tasks.in_review > 0 {
                { arc("ring-review", rollup.tasks.done + rollup.tasks.in_review) }
            }
            if rollup.tasks.done > 0 {
                { arc("ring-done", rollup.tasks.done) }
            }
        </svg>
    }
}

fn thousandths(part: u32, whole: u32) -> u64 {
    u64::from(part) * 1_000 / u64::from(whole.max(1))
}

/// A bar with its numbers.
pub fn progress_bar(rollup: &Rollup) -> Html {
    let total = rollup.tasks.total();
    let part = |class: &'static str, status: Status| {
        let share = thousandths(rollup.tasks.get(status), total);
        html! { <span class={class} style={format!("flex-basis:{}.{}%", share / 10, share % 10)}></span> }
    };
    let percent = u64::from(rollup.tasks.done) * 100 / u64::from(total.max(1));
    html! {
        <div class="progress" title={progress_words(rollup)}>
            <div class="progress-bar" role="img" aria-label={progress_words(rollup)}>
                { part("progress-done", Status::Done) }
                { part("progress-review", Status::InReview) }
                { part("progress-active", Status::InProgress) }
            </div>
            <span class="progress-text" aria-hidden="true">{ format!("{percent} %") }</span>
        </div>
    }
}

/// Points with their decimals, if any.
pub fn points(hundredths: u64) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match rest {
        0 => whole.to_string(),
        rest => format!("{whole}.{rest:02}").trim_end_matches('0').into(),
    }
}
