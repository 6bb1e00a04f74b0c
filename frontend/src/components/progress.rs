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
    const CIRCUMFERENCE: f64 = 2.0 * std::f64::consts::PI * 6.0;
    let total = f64::from(rollup.tasks.total().max(1));
    let arc = |class: &'static str, tasks: u32| {
        let length = CIRCUMFERENCE * f64::from(tasks) / total;
        html! {
            <circle class={class} cx="8" cy="8" r="6" fill="none" stroke-width="3" transform="rotate(-90 8 8)"
                stroke-dasharray={format!("{length:.2} {CIRCUMFERENCE:.2}")} />
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

/// A bar with its numbers.
pub fn progress_bar(rollup: &Rollup) -> Html {
    let total = rollup.tasks.total();
    let part = |class: &'static str, status: Status| {
        let share = 100.0 * f64::from(rollup.tasks.get(status)) / f64::from(total.max(1));
        html! { <span class={class} style={format!("flex-basis:{share:.2}%")}></span> }
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
